import { circle, ellipse, glow, group, move, path, rect, shape, stroke, zoom } from "./svg.ts";
import { between, oneOf, type Random, createRandom, times } from "./random.ts";
import { type Scene, swing, wrap } from "./scene.ts";

/** Stars that twinkle, each at its own time. */
export function stars({ width }: Scene["size"], count: number, height: number, seed: number): (u: number) => string {
  const random = createRandom(seed);
  const all = times(count, () => ({
    x: random() * width,
    y: random() ** 1.4 * height,
    r: between(random, 0.6, 1.9),
    phase: random(),
    cycles: 1 + Math.floor(random() * 2),
  }));
  return (u) =>
    all
      .map(({ x, y, r, phase, cycles }) =>
        circle(x, y, r, "#ffffff", { opacity: 0.55 + 0.4 * swing(u, cycles, phase) }),
      )
      .join("");
}

/** The outline of hills that repeats after `period`, from -period to two periods, closed at `bottom`. */
export function hills(
  seed: number,
  { y, rise, period, bottom, detail = 4 }: { y: number; rise: number; period: number; bottom: number; detail?: number },
): string {
  const random = createRandom(seed);
  const waves = times(detail, (k) => ({ size: (rise * between(random, 0.6, 1)) / (k + 1) ** 1.1, phase: random() }));
  const at = (x: number) =>
    y - waves.reduce((sum, { size, phase }, k) => sum + size * swing(x / period, k + 1, phase), 0) * 0.6;
  const points = times(121, (i) => -period + (i * 3 * period) / 120);
  return `${path`M${-period} ${bottom}`}${points.map((x) => path`L${x} ${at(x)}`).join("")}${path`L${2 * period} ${bottom}Z`}`;
}

/** Jagged mountains, with the same repeat. */
export function mountains(
  seed: number,
  { y, rise, period, bottom, peaks = 7 }: { y: number; rise: number; period: number; bottom: number; peaks?: number },
): { readonly rock: string; readonly snow: string } {
  const random = createRandom(seed);
  const tops = times(peaks, (i) => ({
    x: ((i + between(random, 0.3, 0.7)) * period) / peaks,
    h: rise * between(random, 0.45, 1),
    lean: between(random, -0.15, 0.15),
  }));
  let rock = "";
  let snow = "";
  for (const lap of [-1, 0, 1])
    for (const { x, h, lean } of tops) {
      const centre = x + lap * period;
      const half = h * 1.05;
      rock += path`M${centre - half} ${bottom}L${centre - half * 0.4} ${y - h * 0.52}L${centre + lean * h} ${y - h}L${centre + half * 0.45} ${y - h * 0.46}L${centre + half} ${bottom}Z`;
      snow += path`M${centre + lean * h} ${y - h}L${centre - half * 0.21} ${y - h * 0.74}L${centre - half * 0.1} ${y - h * 0.77}L${centre} ${y - h * 0.66}L${centre + half * 0.1} ${y - h * 0.75}L${centre + half * 0.25} ${y - h * 0.69}Z`;
    }
  return { rock, snow };
}

export const pine = (x: number, y: number, h: number, fill: string): string =>
  shape(
    path`M${x} ${y - h}L${x + h * 0.17} ${y - h * 0.62}L${x + h * 0.09} ${y - h * 0.62}L${x + h * 0.25} ${y - h * 0.3}L${x + h * 0.13} ${y - h * 0.3}L${x + h * 0.32} ${y}L${x - h * 0.32} ${y}L${x - h * 0.13} ${y - h * 0.3}L${x - h * 0.25} ${y - h * 0.3}L${x - h * 0.09} ${y - h * 0.62}L${x - h * 0.17} ${y - h * 0.62}Z`,
    fill,
  );

/** Pines in a row that repeats after `period`. */
export function pines(seed: number, count: number, period: number, y: number, h: number, fill: string): string {
  const random = createRandom(seed);
  const row = times(count, (i) => ({ x: ((i + random()) * period) / count, h: h * between(random, 0.55, 1.05) }));
  return [-1, 0, 1].flatMap((lap) => row.map((tree) => pine(tree.x + lap * period, y, tree.h, fill))).join("");
}

/** Falling things: snow, leaves, sparks. `speed` is how often one passes the picture in a loop; `draw` draws it. */
export function falling(
  { width, height }: Scene["size"],
  count: number,
  seed: number,
  speed: readonly [number, ...number[]],
  draw: (x: number, y: number, depth: number, turnBy: number) => string,
): (u: number) => string {
  const random = createRandom(seed);
  const all = times(count, () => ({
    x: random() * (width + 80) - 40,
    y: random(),
    depth: random(),
    phase: random(),
    speed: oneOf(random, speed),
  }));
  return (u) =>
    all
      .map((flake) => {
        const y = wrap(flake.y + u * flake.speed);
        return draw(
          flake.x + 14 * swing(u, 1, flake.phase),
          y * (height + 60) - 30,
          flake.depth,
          360 * wrap(flake.phase + u * Math.sign(flake.speed)),
        );
      })
      .join("");
}

export const snowfall = (size: Scene["size"], count: number, seed: number): ((u: number) => string) =>
  falling(size, count, seed, [1, 1, 2], (x, y, depth) =>
    circle(x, y, 1 + depth * 2.6, "#ffffff", { opacity: 0.35 + depth * 0.55 }),
  );

/** Streaks of rain, slanted. */
export const rainfall = (size: Scene["size"], count: number, seed: number, colour: string): ((u: number) => string) =>
  falling(size, count, seed, [4, 5, 6], (x, y, depth) =>
    stroke(path`M${x} ${y}l${-3 - depth * 3} ${16 + depth * 18}`, colour, 0.8 + depth, { opacity: 0.15 + depth * 0.3 }),
  );

/** Steam that rises in curls and fades. */
export function steam(x: number, y: number, height: number, seed: number, colour = "#ffffff"): (u: number) => string {
  const random = createRandom(seed);
  const puffs = times(9, (i) => ({ phase: i / 9, dx: between(random, -14, 14), r: between(random, 0.8, 1.2) }));
  return (u) =>
    puffs
      .map(({ phase, dx, r }) => {
        const t = wrap(phase + u);
        const size = (0.08 + t * 0.2) * height * r;
        return glow(
          x + dx + 0.1 * height * t * swing(t, 1, phase),
          y - t * height,
          size,
          colour,
          0.34 * Math.sin(Math.PI * t),
        );
      })
      .join("");
}

/** A paper lantern on a cord, hung at `x`, `y`. */
export function lantern(x: number, y: number, size: number, colour: string, lit: string, degrees: number): string {
  const body =
    glow(0, size * 1.3, size * 2.6, colour, 0.55) +
    stroke(path`M0 0V${size * 0.5}`, "#2b1420", 1.6) +
    ellipse(0, size * 1.3, size * 0.82, size * 0.78, colour) +
    ellipse(0, size * 1.32, size * 0.5, size * 0.68, lit, { opacity: 0.55 }) +
    ellipse(0, size * 1.36, size * 0.2, size * 0.52, "#fff6d8", { opacity: 0.7 }) +
    rect(-size * 0.32, size * 0.48, size * 0.64, size * 0.13, "#4a1626", 2) +
    rect(-size * 0.3, size * 2, size * 0.6, size * 0.12, "#4a1626", 2) +
    stroke(path`M0 ${size * 2.1}v${size * 0.6}`, lit, 2);
  return group(body, { transform: `${move(x, y)} rotate(${Math.round(degrees * 10) / 10})` });
}

/** A person who walks: feet at `x`, `y`; `step` is the swing of the legs, -1 to 1; faces left where `facing` is -1. */
export function walker(x: number, y: number, h: number, colours: Outfit, step: number, facing = 1): string {
  const { coat, legs, skin, hair } = colours;
  const leg = (by: number, shade: string) =>
    stroke(
      path`M0 ${-h * 0.46}Q${by * h * 0.1} ${-h * 0.24} ${by * h * 0.17} ${-Math.abs(by) * h * 0.015}`,
      shade,
      h * 0.085,
    );
  const body =
    leg(-step, legs) +
    leg(step, legs) +
    shape(
      path`M${-h * 0.12} ${-h * 0.36}Q${-h * 0.14} ${-h * 0.74} ${-h * 0.02} ${-h * 0.8}Q${h * 0.13} ${-h * 0.78} ${h * 0.13} ${-h * 0.36}Z`,
      coat,
    ) +
    stroke(
      path`M${h * 0.01} ${-h * 0.7}Q${step * h * 0.08 + h * 0.02} ${-h * 0.55} ${step * h * 0.13} ${-h * 0.44}`,
      legs,
      h * 0.055,
      {
        opacity: 0.7,
      },
    ) +
    circle(h * 0.015, -h * 0.88, h * 0.085, skin) +
    shape(
      path`M${-h * 0.08} ${-h * 0.84}Q${-h * 0.1} ${-h * 0.99} ${h * 0.03} ${-h * 0.98}Q${h * 0.11} ${-h * 0.97} ${h * 0.09} ${-h * 0.9}Q${-h * 0.01} ${-h * 0.93} ${-h * 0.03} ${-h * 0.83}Z`,
      hair,
    );
  return group(body, { transform: `${move(x, y)} ${zoom(facing, 1)}` });
}
export interface Outfit {
  readonly coat: string;
  readonly legs: string;
  readonly skin: string;
  readonly hair: string;
}
export const outfits: readonly [Outfit, ...Outfit[]] = [
  { coat: "#c8553d", legs: "#2d2a45", skin: "#e8b894", hair: "#2a1a1f" },
  { coat: "#3d6b8e", legs: "#1f2338", skin: "#c98f66", hair: "#17121a" },
  { coat: "#e0a458", legs: "#3a2b3f", skin: "#f0c8a4", hair: "#5a3424" },
  { coat: "#5b8c5a", legs: "#23283a", skin: "#8d5a3b", hair: "#120d12" },
  { coat: "#8e5a88", legs: "#2a2036", skin: "#dba67f", hair: "#3b2018" },
];

/** Towers in a row between two sides, standing on `bottom`; the windows are given to `window`. */
export function towers(
  random: Random,
  {
    from,
    to,
    bottom,
    low,
    high,
    fill,
  }: { from: number; to: number; bottom: number; low: number; high: number; fill: string },
): { readonly walls: string; readonly windows: readonly { readonly x: number; readonly y: number }[] } {
  let walls = "";
  const windows: { x: number; y: number }[] = [];
  for (let x = from; x < to; ) {
    const w = between(random, 38, 78);
    const h = between(random, low, high);
    walls += rect(x, bottom - h, w + 1, h, fill, 2);
    if (random() < 0.35) walls += rect(x + w * 0.3, bottom - h - 16, w * 0.3, 18, fill);
    if (random() < 0.3) walls += rect(x + w * 0.5, bottom - h - 34, 2.5, 36, fill);
    for (let row = bottom - h + 12; row < bottom - 12; row += 15)
      for (let column = x + 8; column < x + w - 9; column += 12) windows.push({ x: column, y: row });
    x += w + (random() < 0.25 ? between(random, 4, 18) : 0);
  }
  return { walls, windows };
}

/** A bird far away. */
export const bird = (x: number, y: number, size: number, flap: number, colour: string): string =>
  stroke(
    path`M${x - size} ${y - size * 0.4 * flap}Q${x - size * 0.4} ${y - size * 0.5} ${x} ${y}Q${x + size * 0.4} ${y - size * 0.5} ${x + size} ${y - size * 0.4 * flap}`,
    colour,
    2,
  );

/** Bands of water whose crests move along: seamless in a loop. */
export function waterBand(
  y: number,
  rise: number,
  length: number,
  phase: number,
  bottom: number,
  width: number,
): string {
  const points = times(49, (i) => (i * width) / 48);
  const at = (x: number) =>
    y +
    rise * Math.sin(2 * Math.PI * (x / length + phase)) +
    rise * 0.35 * Math.sin(2 * Math.PI * ((2 * x) / length + phase * 2 + 0.3));
  return `${path`M0 ${bottom}`}${points.map((x) => path`L${x} ${at(x)}`).join("")}${path`L${width} ${bottom}Z`}`;
}
