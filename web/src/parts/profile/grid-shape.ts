/** The shape of an author's covers, upright or wide, by most of their videos. Videos without a shape do not count. */
export function gridShape(videos: readonly { width: number; height: number }[]): "tall" | "wide" {
  const tall = videos.filter(({ width, height }) => height > width && width > 0).length;
  const wide = videos.filter(({ width, height }) => width >= height && height > 0).length;
  return tall > wide ? "tall" : "wide";
}
