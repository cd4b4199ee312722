import { MediaRejected } from "../rejection.ts";

/** The part of a maskable icon that no shape cuts off: a circle of 80 % (W3C Web App Manifest, "Icon masks"). */
const safePart = 0.8 * Math.SQRT1_2;

export interface IconFile {
  readonly name: `${"icon" | "maskable"}-${number}.png`;
  readonly bytes: Uint8Array;
}

/**
 * The files of an icon that home screens ask for, of a picture that was drawn here: squares of 180, 192 and 512 pixels, and a
 * maskable one with a white margin. @throws MediaRejected where it cannot be read
 */
export async function drawnIcons(bytes: Uint8Array): Promise<IconFile[]> {
  // Loaded when first needed: the decoders take memory that an idle server does not have to give.
  const { default: sharp } = await import("sharp");
  const square = (side: number) =>
    sharp(bytes, { failOn: "error" }).resize({ width: side, height: side, fit: "cover" });
  try {
    const plain = [180, 192, 512].map(
      async (side): Promise<IconFile> => ({ name: `icon-${side}.png`, bytes: await square(side).png().toBuffer() }),
    );
    const inner = Math.round(512 * safePart);
    const [before, after] = [Math.floor((512 - inner) / 2), Math.ceil((512 - inner) / 2)];
    const maskable = square(inner)
      .extend({ top: before, left: before, bottom: after, right: after, background: "#ffffff" })
      .png()
      .toBuffer();
    return [...(await Promise.all(plain)), { name: "maskable-512.png", bytes: await maskable }];
  } catch (cause) {
    throw new MediaRejected("media.unreadable", { cause });
  }
}
