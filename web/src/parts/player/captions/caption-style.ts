/** How captions look on this device. Every choice can be read over any picture. */
export interface CaptionStyle {
  readonly size: (typeof sizes)[number]["name"];
  readonly color: (typeof colors)[number]["name"];
  readonly background: (typeof backgrounds)[number]["name"];
}

export const sizes = [
  { name: "small", percent: 75 },
  { name: "normal", percent: 100 },
  { name: "large", percent: 150 },
  { name: "largest", percent: 200 },
] as const;
export const colors = [
  { name: "white", value: "#ffffff" },
  { name: "yellow", value: "#ffee58" },
  { name: "green", value: "#7cf5b4" },
  { name: "blue", value: "#7fd8ff" },
] as const;
/** How much of the picture is seen through the box behind the text; without a box the text has an outline. */
export const backgrounds = [
  { name: "shade", opacity: 0.75 },
  { name: "solid", opacity: 1 },
  { name: "outline", opacity: 0 },
] as const;

export const usualCaptionStyle: CaptionStyle = { size: "normal", color: "white", background: "shade" };

/** The stored style, with the usual choice for a part that is missing or does not exist. Pure. */
export function captionStyleOf(stored: unknown): CaptionStyle {
  if (typeof stored !== "object" || stored === null) return usualCaptionStyle;
  const { size, color, background } = { ...usualCaptionStyle, ...stored };
  return {
    size: (sizes.find(({ name }) => name === size) ?? sizes[1]).name,
    color: (colors.find(({ name }) => name === color) ?? colors[0]).name,
    background: (backgrounds.find(({ name }) => name === background) ?? backgrounds[0]).name,
  };
}

const outline = [-1, 0, 1]
  .flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const))
  .filter(([x, y]) => x !== 0 || y !== 0)
  .map(([x, y]) => `${x * 0.06}em ${y * 0.06}em 0.08em #000`)
  .join(", ");

/** The properties of the text, beside its size. Pure. */
export function captionLook({ color, background }: CaptionStyle) {
  const { value } = colors.find(({ name }) => name === color) ?? colors[0];
  const { opacity } = backgrounds.find(({ name }) => name === background) ?? backgrounds[0];
  return { color: value, backgroundColor: `rgb(0 0 0 / ${opacity})`, textShadow: opacity === 0 ? outline : "none" };
}

export const captionPercent = ({ size }: CaptionStyle): number =>
  (sizes.find(({ name }) => name === size) ?? sizes[1]).percent;

/** The rule for the captions of every video of a page. Pure. */
export function captionCss(style: CaptionStyle): string {
  const { color, backgroundColor, textShadow } = captionLook(style);
  return `video::cue { color: ${color}; background-color: ${backgroundColor}; text-shadow: ${textShadow}; font-size: ${captionPercent(style)}%; }`;
}
