import { rgbaToThumbHash } from "thumbhash";

const sideMax = 100;

/** A picture in about 25 bytes, base64, to be shown while it is fetched (thumbhash): its shape and colours alone. */
export async function thumbOf(picture: Uint8Array): Promise<string> {
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(picture)
    .resize(sideMax, sideMax, { fit: "inside" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString("base64");
}
