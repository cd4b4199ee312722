/*
 * Shapes as SVG text. A fill is a colour of six hexadecimal digits, or a gradient that `down`, `across` or `light` name: the
 * document defines the gradients that its text names.
 */

const digits = (value: number): string => String(Math.round(value * 10) / 10);

/** The attributes of a shape besides its outline. */
export interface Look {
  readonly opacity?: number;
  readonly stroke?: string;
  readonly width?: number;
  /** As in SVG, such as `rotate(20 5 5)`. */
  readonly transform?: string;
}
/**
 * The opacity of a fill or a stroke alone is drawn in place. The opacity of a shape is drawn through a picture of its
 * own, of the size of the whole drawing.
 */
const opacityOf = (fill?: string, stroke?: string): string => {
  if (fill === "none") return "stroke-opacity";
  return fill !== undefined && stroke === undefined ? "fill-opacity" : "opacity";
};
const attributes = ({ opacity, stroke, width, transform }: Look, fill?: string): string =>
  (opacity === undefined ? "" : ` ${opacityOf(fill, stroke)}="${Math.round(opacity * 1000) / 1000}"`) +
  (stroke === undefined ? "" : ` stroke="${stroke}" stroke-linecap="round" stroke-linejoin="round"`) +
  (width === undefined ? "" : ` stroke-width="${digits(width)}"`) +
  (transform === undefined ? "" : ` transform="${transform}"`);

export const circle = (x: number, y: number, r: number, fill: string, look: Look = {}): string =>
  `<circle cx="${digits(x)}" cy="${digits(y)}" r="${digits(Math.max(0, r))}" fill="${fill}"${attributes(look, fill)}/>`;

export const ellipse = (x: number, y: number, rx: number, ry: number, fill: string, look: Look = {}): string =>
  `<ellipse cx="${digits(x)}" cy="${digits(y)}" rx="${digits(Math.max(0, rx))}" ry="${digits(Math.max(0, ry))}" fill="${fill}"${attributes(look, fill)}/>`;

/** `round`: the radius of the corners. */
export const rect = (x: number, y: number, w: number, h: number, fill: string, round = 0, look: Look = {}): string =>
  `<rect x="${digits(x)}" y="${digits(y)}" width="${digits(Math.max(0, w))}" height="${digits(Math.max(0, h))}" rx="${digits(round)}" fill="${fill}"${attributes(look, fill)}/>`;

/** An area by its outline, as in SVG. */
export const shape = (outline: string, fill: string, look: Look = {}): string =>
  `<path d="${outline}" fill="${fill}"${attributes(look, fill)}/>`;

/** A stroke along a path. */
export const stroke = (outline: string, colour: string, width: number, look: Look = {}): string =>
  shape(outline, "none", { ...look, stroke: colour, width });

/** A path of SVG text with its numbers rounded. */
export const path = (text: TemplateStringsArray, ...values: readonly number[]): string =>
  text.reduce((outline, part, place) => outline + digits(values[place - 1] ?? 0) + part);

export const group = (content: string, look: Look): string => `<g${attributes(look)}>${content}</g>`;
export const move = (x: number, y: number): string => `translate(${digits(x)} ${digits(y)})`;
export const turn = (degrees: number, x = 0, y = 0): string => `rotate(${digits(degrees)} ${digits(x)} ${digits(y)})`;
export const zoom = (factor: number, factorY = factor): string =>
  `scale(${Math.round(factor * 1000) / 1000} ${Math.round(factorY * 1000) / 1000})`;

const hex = (colours: readonly string[]): string => colours.map((colour) => colour.slice(1)).join("-");
/** A gradient from top to bottom, in equal steps. */
export const down = (...colours: readonly string[]): string => `url(#down-${hex(colours)})`;
/** A gradient from one side to the other. */
export const across = (...colours: readonly string[]): string => `url(#across-${hex(colours)})`;

/** The light around a lamp, softer with the distance. */
export const glow = (x: number, y: number, r: number, colour: string, opacity = 1): string =>
  circle(x, y, r, `url(#glow-${hex([colour])})`, { opacity });
/** The same as a flat pool on the ground. */
export const pool = (x: number, y: number, rx: number, ry: number, colour: string, opacity = 1): string =>
  ellipse(x, y, rx, ry, `url(#glow-${hex([colour])})`, { opacity });
/** A colour that fades out downwards. */
export const beam = (colour: string): string => `url(#beam-${hex([colour])})`;

const definition = (name: string): string => {
  const [kind = "", ...parts] = name.split("-");
  const colours = parts.map((part) => `#${part}`);
  const stop = (offset: number, colour: string, opacity = 1): string =>
    `<stop offset="${Math.round(offset * 1000) / 1000}" stop-color="${colour}" stop-opacity="${opacity}"/>`;
  const [first = "#000000"] = colours;
  if (kind === "glow")
    return `<radialGradient id="${name}">${stop(0, first, 0.95)}${stop(0.25, first, 0.5)}${stop(0.55, first, 0.16)}${stop(1, first, 0)}</radialGradient>`;
  const stops =
    kind === "beam"
      ? stop(0, first, 0.8) + stop(1, first, 0)
      : colours.map((colour, place) => stop(place / Math.max(1, colours.length - 1), colour)).join("");
  const direction = kind === "across" ? 'x2="1" y2="0"' : 'x2="0" y2="1"';
  return `<linearGradient id="${name}" x1="0" y1="0" ${direction}>${stops}</linearGradient>`;
};

/** A whole drawing with the gradients that it names. */
export function drawing(
  { width, height }: { readonly width: number; readonly height: number },
  content: string,
): string {
  const names = new Set(
    Array.from(content.matchAll(/url\(#((?:down|across|glow|beam)-[0-9a-f-]+)\)/g), ([, name = ""]) => name),
  );
  const definitions = [...names].map(definition).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${definitions}</defs>${content}</svg>`;
}
