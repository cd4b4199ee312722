/** A colour in OKLCH: lightness 0–1, chroma, hue in degrees (Ottosson 2020, as CSS Color 4 §8.5 has it). */
interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  readonly hue: number;
}
type Triple = readonly [number, number, number];

/** A filled control of the interface: its colour, and that of the text on it. */
export interface Filled {
  readonly accent: string;
  readonly ink: string;
}
export interface Theme {
  readonly dark: Filled;
  readonly light: Filled;
}

/** The backgrounds of icons in the accent colour: the page and its surfaces. */
export const backgrounds = {
  dark: ["#0e0b0a", "#171311", "#211d1b"],
  light: ["#faf9f7", "#ffffff", "#f2f0ed"],
} as const;
const inks = ["#1b0a07", "#ffffff"] as const;
/** WCAG 2.2 §1.4.11 for icons and controls, §1.4.3 for text. */
const [iconContrastMin, inkContrastMin] = [3, 4.5];
/** The furthest that a theme's lightness may be from the chosen one. Beyond it, the colour no longer looks the same. */
const shiftMax = 0.15;
/** A step of lightness is about one of the 8 bits of a channel. */
const step = 0.0025;

/** The interface's own colours, where no other is chosen. */
export const defaultAccent = "#d9391f";
export const defaultTheme: Theme = {
  dark: { accent: "#fe674c", ink: "#1b0a07" },
  light: { accent: "#d9391f", ink: "#ffffff" },
};

/**
 * The accent for each theme, `#rrggbb`, or undefined where the colour suits neither. A theme takes the colour with the
 * nearest OKLCH lightness, at most 0.15 away. It needs a contrast of 3 with every background of the theme, and of 4.5
 * with its ink. Pure.
 */
export function themeOf(accent: string): Theme | undefined {
  const dark = adaptAccent(accent, backgrounds.dark);
  const light = adaptAccent(accent, backgrounds.light);
  return dark && light && { dark, light };
}

/** The nearest colour for which {@link themeOf} yields a theme: of the same hue, its lightness moved least. Pure. */
export function suggestionFor(accent: string): string {
  for (const colour of shifts(accent, 1)) if (themeOf(colour)) return colour;
  throw new Error(`${accent} has no suggestion`);
}

/** The ratio of WCAG 2.2, 1–21. Pure. */
export function contrast(colour: string, other: string): number {
  const [darker = 0, brighter = 0] = [luminance(colour), luminance(other)].toSorted((a, b) => a - b);
  return (brighter + 0.05) / (darker + 0.05);
}

function adaptAccent(accent: string, against: readonly string[]): Filled | undefined {
  for (const colour of shifts(accent, shiftMax)) {
    const [ink = ""] = inks.toSorted((a, b) => contrast(b, colour) - contrast(a, colour));
    const stands = against.every((background) => contrast(background, colour) >= iconContrastMin);
    if (stands && contrast(ink, colour) >= inkContrastMin) return { accent: colour, ink };
  }
  return undefined;
}

/** The colour itself, then colours of its hue with a lightness further and further away. */
function* shifts(accent: string, distanceMax: number): Generator<string> {
  yield accent.toLowerCase();
  const chosen = oklchOf(accent);
  for (let distance = step; distance <= distanceMax; distance += step)
    for (const lightness of [chosen.lightness - distance, chosen.lightness + distance])
      if (lightness >= 0 && lightness <= 1) yield inGamut({ ...chosen, lightness });
}

/** The colour as sRGB, with less chroma where sRGB has not as much at this lightness. */
function inGamut({ lightness, chroma, hue }: Oklch): string {
  let [low, high] = [0, chroma];
  let best = linearOf({ lightness, chroma, hue });
  if (isInGamut(best)) return hexOf(best);
  for (let round = 0; round < 20; round++) {
    const middle = (low + high) / 2;
    const colour = linearOf({ lightness, chroma: middle, hue });
    if (isInGamut(colour)) [low, best] = [middle, colour];
    else high = middle;
  }
  return hexOf(isInGamut(best) ? best : linearOf({ lightness, chroma: 0, hue }));
}

const isInGamut = (linear: Triple): boolean => linear.every((value) => value >= -1e-4 && value <= 1 + 1e-4);

function linearRgb(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function hexOf(linear: Triple): string {
  const channel = (value: number) => {
    const clamped = Math.min(1, Math.max(0, value));
    const encoded = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${linear.map(channel).join("")}`;
}

function luminance(hex: string): number {
  const [red, green, blue] = linearRgb(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const times = (rows: readonly [Triple, Triple, Triple], [x, y, z]: Triple): Triple => {
  const dot = ([a, b, c]: Triple) => a * x + b * y + c * z;
  return [dot(rows[0]), dot(rows[1]), dot(rows[2])];
};

function oklchOf(hex: string): Oklch {
  const [l, m, s] = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    linearRgb(hex),
  );
  const [lightness, a, b] = times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)],
  );
  return { lightness, chroma: Math.hypot(a, b), hue: (Math.atan2(b, a) * 180) / Math.PI };
}

function linearOf({ lightness, chroma, hue }: Oklch): Triple {
  const [a, b] = [Math.cos((hue * Math.PI) / 180) * chroma, Math.sin((hue * Math.PI) / 180) * chroma];
  const [l, m, s] = times(
    [
      [1, 0.3963377774, 0.2158037573],
      [1, -0.1055613458, -0.0638541728],
      [1, -0.0894841775, -1.291485548],
    ],
    [lightness, a, b],
  );
  return times(
    [
      [4.0767416621, -3.3077115913, 0.2309699292],
      [-1.2684380046, 2.6097574011, -0.3413193965],
      [-0.0041960863, -0.7034186147, 1.707614701],
    ],
    [l ** 3, m ** 3, s ** 3],
  );
}
