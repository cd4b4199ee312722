/** The shape of the player, width over height: the video's own within 21:9 either way; 16:9 while it is unknown. */
export function playerRatio(widthPx: number, heightPx: number): number {
  if (!(widthPx > 0) || !(heightPx > 0)) return 16 / 9;
  return Math.min(Math.max(widthPx / heightPx, 9 / 21), 21 / 9);
}
