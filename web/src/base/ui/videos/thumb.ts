import { thumbHashToDataURL } from "thumbhash";

const images = new Map<string, string>();
const knownMax = 500;

/** A few bytes of a picture (thumbhash, base64) as the address of a small blurred one; `null` where they are none. */
export function thumbUrl(thumb: string | null): string | null {
  if (thumb === null) return null;
  const cachedImage = images.get(thumb);
  if (cachedImage !== undefined) return cachedImage;
  try {
    const url = thumbHashToDataURL(Uint8Array.from(atob(thumb), (letter) => letter.codePointAt(0) ?? 0));
    if (images.size >= knownMax) images.clear();
    images.set(thumb, url);
    return url;
  } catch {
    return null;
  }
}
