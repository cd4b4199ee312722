/** Draws the PNG icons of the installable app from `public/icon.svg`. Run with `npm run icons` after changing it. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const folder = new URL("../public/", import.meta.url);
const icon = await readFile(new URL("icon.svg", folder), "utf8");
/** Launchers cut maskable icons to a circle of 80 %: no rounded corner, and the mark inside that circle. */
const maskable = icon
  .replace('rx="16" fill="url(#g)"', 'fill="url(#g)"')
  .replace('<g fill="#fff">', '<g fill="#fff" transform="translate(9.600 9.600) scale(0.700)">');

const draw = (svg: string, sizePx: number, name: string) =>
  sharp(Buffer.from(svg), { density: (72 * sizePx) / 64 })
    .resize(sizePx, sizePx)
    .png({ compressionLevel: 9, palette: true })
    .toFile(fileURLToPath(new URL(`icons/${name}.png`, folder)));

await Promise.all([
  draw(icon, 180, "icon-180"),
  draw(icon, 192, "icon-192"),
  draw(icon, 512, "icon-512"),
  draw(maskable, 512, "maskable-512"),
]);
