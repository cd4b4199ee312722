import type { Danmaku } from "#base/api/types.ts";

/** A timed comment, drawn once: what moves is its picture. `sizePx` is the height of its letters. */
export function pictureOf(
  { content, color, is_mine: isMine }: Pick<Danmaku, "content" | "color" | "is_mine">,
  sizePx: number,
  ratio: number,
): HTMLCanvasElement {
  const picture = document.createElement("canvas");
  const font = `600 ${sizePx * ratio}px system-ui, sans-serif`;
  const pen = picture.getContext("2d");
  if (!pen) return picture;
  pen.font = font;
  picture.width = Math.ceil(pen.measureText(content).width + 12 * ratio);
  picture.height = Math.ceil(sizePx * 1.4 * ratio);
  // A canvas forgets how to write when its size changes.
  pen.font = font;
  pen.textBaseline = "middle";
  pen.lineWidth = 3 * ratio;
  pen.strokeStyle = "rgb(0 0 0 / 0.7)";
  pen.fillStyle = `#${color.toString(16).padStart(6, "0")}`;
  pen.strokeText(content, 6 * ratio, picture.height / 2);
  pen.fillText(content, 6 * ratio, picture.height / 2);
  if (isMine) {
    pen.lineWidth = ratio;
    pen.strokeStyle = pen.fillStyle;
    pen.strokeRect(ratio, ratio, picture.width - 2 * ratio, picture.height - 2 * ratio);
  }
  return picture;
}
