import {
  across,
  beam,
  circle,
  down,
  ellipse,
  glow,
  group,
  type Look,
  move,
  path,
  pool,
  rect,
  shape,
  stroke,
  turn,
  zoom,
} from "../svg.ts";
import { falling, hills, rainfall, stars } from "../pieces.ts";
import { between, createRandom, oneOf, type Random, times } from "../random.ts";
import { bell, clamp, ease, type Scene, sky, swing, tall, wide, wrap } from "../scene.ts";

type FishColours = readonly [body: string, fins: string];
const fishColours: readonly [FishColours, ...FishColours[]] = [
  ["#ff9f1c", "#fff1d0"],
  ["#f94144", "#ffd6a0"],
  ["#ffd60a", "#2a6f97"],
  ["#7b6cf6", "#ffd6ff"],
  ["#3ad6c4", "#f6fff0"],
];

interface Fish {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colours: FishColours;
  /** 1 to the right, -1 to the left. */
  readonly facing: number;
  /** The swing of the tail, -1 to 1. */
  readonly wag: number;
}
const fish = ({ x, y, size, colours: [body, fins], facing, wag }: Fish): string => {
  const tail = shape(path`M-20 0L${-38} ${-14 + wag * 5}Q-32 0 ${-38} ${14 + wag * 5}Z`, fins);
  const trunk = shape("M-24 0Q-4 -22 26 0Q-4 22 -24 0Z", body);
  const backFin = shape("M-6 -15Q2 -22 10 -11Z", fins);
  const stripe = shape("M-2 -14Q6 0 -2 14Q-8 0 -2 -14Z", fins, { opacity: 0.7 });
  const eye = circle(15, -3, 3.4, "#ffffff") + circle(16, -3, 1.8, "#10202a");
  return group(tail + trunk + backFin + stripe + eye, { transform: `${move(x, y)} ${zoom(size * facing, size)}` });
};

/** Fish that cross the reef, each with its own size, way and time. */
function swimmersOf(random: Random, count: number): (u: number) => string {
  const swimmers = times(count, () => ({
    y: between(random, 170, 700),
    size: between(random, 0.55, 1.5),
    colours: oneOf(random, fishColours),
    facing: random() < 0.6 ? 1 : -1,
    start: random(),
    phase: random(),
  }));
  return (u) =>
    swimmers
      .map(({ y, size, colours, facing, start, phase }) => {
        const passed = wrap(start + u) * 760;
        const x = facing > 0 ? passed - 110 : 650 - passed;
        return fish({ x, y: y + 14 * swing(u, 2, phase), size, colours, facing, wag: swing(u, 10, phase) });
      })
      .join("");
}

/** Small fish that cross the picture together, to the left. */
function shoalOf(random: Random, count: number): (u: number) => string {
  const members = times(count, () => ({
    dx: between(random, -110, 110),
    dy: between(random, -46, 46),
    phase: random(),
  }));
  const member = shape("M-9 0Q0 -5 9 0Q0 5 -9 0ZM-8 0l-7 -5v10Z", "#c9f2f0", { opacity: 0.8 });
  return (u) =>
    members
      .map(({ dx, dy, phase }) => {
        const x = 760 - wrap(u) * 980 + dx;
        return group(member, { transform: `${move(x, 260 + dy + 16 * swing(u, 1, phase))} scale(-1 1)` });
      })
      .join("");
}

/** Weeds that sway on the ground. */
function weedsOf(random: Random, count: number): (u: number) => string {
  const ground = 930;
  const weeds = times(count, (i) => ({
    x: 12 + i * 37 + between(random, -12, 12),
    height: between(random, 120, 270),
    colour: oneOf(random, ["#1f7a5c", "#2f9e6a", "#166a5a"]),
    phase: random(),
  }));
  return (u) =>
    weeds
      .map(({ x, height, colour, phase }) => {
        const sway = 26 * swing(u, 1, phase);
        const [low, high, tip] = [ground - height * 0.4, ground - height * 0.6, ground - height];
        return stroke(
          path`M${x} ${ground}C${x + sway * 0.2} ${low} ${x - sway} ${high} ${x + sway} ${tip}`,
          colour,
          13,
          {
            opacity: 0.85,
          },
        );
      })
      .join("");
}

/** Seven branches from one foot, each with a knob at its tip. */
const coral = (x: number, y: number, size: number, colour: string): string =>
  times(7, (i) => {
    const lean = (i - 3) * 0.22;
    const length = size * (0.7 + (0.3 * ((i * 37) % 5)) / 5);
    const [tipX, tipY] = [x + Math.sin(lean * 2) * size * 0.8, y - Math.cos(lean) * length];
    return (
      stroke(path`M${x} ${y}Q${x + lean * size * 0.2} ${y - size * 0.5} ${tipX} ${tipY}`, colour, size * 0.13) +
      circle(tipX, tipY, size * 0.1, colour)
    );
  }).join("");

const stone = (x: number, y: number, radius: number): string =>
  ellipse(x, y, radius, radius * 0.6, "#6b5a4c") +
  ellipse(x - radius * 0.2, y - radius * 0.2, radius * 0.6, radius * 0.28, "#8f7a66");

/** Rays of the sun from the surface, which sweep to and fro. */
const sunRays = (u: number): string =>
  times(6, (i) => {
    const top = i * 110 + 30 * swing(u, 1, i / 6);
    const bottom = i * 130 + 50 * swing(u, 1, i / 6);
    return shape(path`M${top - 40} -10L${top + 10} -10L${bottom + 60} 760L${bottom - 90} 760Z`, beam("#e8fff6"), {
      opacity: 0.24 + 0.08 * swing(u, 1, i / 4),
    });
  }).join("");

const bubble = (x: number, y: number, depth: number): string => {
  const radius = 2 + depth * 6;
  return (
    circle(x, y, radius, "#ffffff", { opacity: 0.1 }) +
    circle(x, y, radius, "none", { stroke: "#e0fffb", width: 1.2, opacity: 0.55 })
  );
};

/** Shoals over a reef. */
export function reef(): Scene {
  const random = createRandom(9);
  const swimmers = swimmersOf(random, 16);
  const shoal = shoalOf(random, 24);
  const weeds = weedsOf(random, 15);
  const bubbles = falling(tall, 34, 2, [-1, -2], bubble);
  const farCoral = "#1a6a8c";
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#7be0dc", "#2fb3c4", "#14789c", "#0b466e", "#072a4c") +
      shape(hills(3, { y: 720, rise: 50, period: 540, bottom: 960 }), "#0f4f74", { opacity: 0.7 }) +
      coral(60, 800, 120, farCoral) +
      coral(470, 780, 150, farCoral) +
      coral(270, 830, 90, farCoral),
    middle: (u) => sunRays(u) + shoal(u) + weeds(u) + swimmers(u) + bubbles(u),
    front:
      shape(hills(7, { y: 880, rise: 40, period: 540, bottom: 980 }), down("#e8cfa0", "#a8885c")) +
      coral(90, 912, 150, "#ff6f61") +
      coral(196, 930, 96, "#ffb347") +
      coral(440, 910, 168, "#d65db1") +
      coral(344, 934, 100, "#ff9671") +
      coral(20, 940, 80, "#845ec2") +
      coral(520, 940, 90, "#f9c74f") +
      stone(262, 926, 34) +
      stone(300, 940, 24) +
      stone(140, 946, 30),
  };
}

const palm = (x: number, y: number, height: number, u: number, colour: string): string => {
  const top = { x: x + 4, y: y - height };
  const trunk = stroke(path`M${x} ${y}Q${x + 12} ${y - height * 0.5} ${top.x} ${top.y}`, colour, height * 0.045);
  const leaves = times(8, (i) => {
    const angle = -Math.PI * (i / 7) + 0.04 * swing(u, 1, i / 8);
    const [dx, dy] = [Math.cos(angle) * height * 0.42, Math.sin(angle) * height * 0.2];
    return shape(
      path`M${top.x} ${top.y}Q${top.x + dx * 0.6} ${top.y + dy - height * 0.12} ${top.x + dx} ${top.y + dy + height * 0.14}Q${top.x + dx * 0.45} ${top.y + dy * 0.6} ${top.x} ${top.y}Z`,
      colour,
    );
  });
  return trunk + leaves.join("");
};

/** The place of a skater: from lip to lip of the half-pipe and a little above. */
function onHalfPipe(u: number) {
  const swung = 1.14 * Math.cos(2 * Math.PI * u);
  const side = Math.sign(swung) || 1;
  // Each side is a quadratic Bézier curve as in the drawing of the ramp: 0 at the lip, 1 on the ground.
  const t = Math.max(0, 1 - Math.abs(swung));
  const heightAboveLip = 620 * Math.max(0, Math.abs(swung) - 1);
  const slope = { x: 2 * (1 - t) * 34 + 2 * t * 350, y: 2 * (1 - t) * 140 };
  return {
    x: 480 + side * (384 - 2 * t * (1 - t) * 34 - t * t * 384),
    y: 330 + 2 * t * (1 - t) * 140 + t * t * 140 - 4 - heightAboveLip,
    lean: (side * Math.atan2(-slope.y, slope.x) * 180) / Math.PI,
    nearness: t,
  };
}

/** A skater whose board is at the origin. `crouch`: the share of the full height; `facing`: 1 to the right, -1 to the left. */
function skater(u: number, crouch: number, facing: number): string {
  const [ink, skin] = ["#1f1238", "#e8b894"];
  const [knee, hip, shoulder] = [-40 * crouch, -66 * crouch, -102 * crouch];
  const armSwing = 18 * swing(u, 2);
  const board = rect(-36, -12, 72, 6, "#ffd23f", 3) + circle(-22, -4, 5, ink) + circle(22, -4, 5, ink);
  const legs = stroke(path`M-16 -14L-22 ${knee}L-2 ${hip}M18 -14L24 ${-42 * crouch}L2 ${hip}`, "#3a5a9a", 13);
  const trunk = stroke(path`M0 ${hip}L${8 * facing - 2} ${-108 * crouch}`, "#e8453c", 23);
  const arms = stroke(
    path`M0 ${shoulder}Q-26 ${-104 * crouch} -46 ${-88 * crouch - armSwing}M4 ${shoulder}Q30 ${-108 * crouch} 48 ${-92 * crouch + armSwing}`,
    skin,
    9,
  );
  const head = circle(2, -126 * crouch, 14, skin);
  const cap = shape(
    path`M-13 ${-128 * crouch}Q-11 ${-146 * crouch} 4 ${-145 * crouch}Q19 ${-143 * crouch} 17 ${-128 * crouch}L28 ${-127 * crouch}L17 ${-124 * crouch}Q2 ${-131 * crouch} -13 ${-128 * crouch}Z`,
    ink,
  );
  return board + legs + trunk + arms + head + cap;
}

/** A spectator who looks at the ramp. */
const spectator = (x: number, headY: number, shoulderY: number, colour: string): string =>
  circle(x, headY, 13, "#241442") +
  shape(
    path`M${x - 18} 324Q${x - 18} ${shoulderY + 2} ${x} ${shoulderY}Q${x + 18} ${shoulderY + 2} ${x + 18} 324Z`,
    colour,
  );

/** A skater goes from side to side of a half-pipe. */
export function skatePark(): Scene {
  const skyline = times(22, (i) => rect(i * 46 - 10, 386 - ((i * 53) % 62), 34, 130, "#6a2c70", 2)).join("");
  const sunStripes = times(5, (i) => rect(350, 340 + i * 20, 260, 4 + i * 2, "#f0708a", 0, { opacity: 0.8 })).join("");
  const ramp =
    shape("M0 330H96Q130 470 480 470Q830 470 864 330H960V540H0Z", down("#5f4a9a", "#33245f")) +
    shape("M0 330H96Q130 470 480 470Q830 470 864 330H960", "none", { stroke: "#ffb8c8", width: 5 });
  const supports = times(9, (i) =>
    stroke(path`M${90 + i * 98} ${470 + 34 * Math.abs(i - 4) * 0.1}V540`, "#241a4a", 2, { opacity: 0.5 }),
  ).join("");
  return {
    size: wide,
    loopSeconds: 4,
    back:
      sky(wide, "#3a2a78", "#8a3f98", "#f0608a", "#ff9a6a", "#ffd07a") +
      glow(480, 330, 360, "#ffe89a", 0.8) +
      circle(480, 330, 120, down("#fff2a8", "#ff8a6a")) +
      sunStripes +
      shape(hills(4, { y: 400, rise: 30, period: 960, bottom: 540 }), "#8a3a7a") +
      skyline,
    middle: (u) => {
      const { x, y, lean, nearness } = onHalfPipe(u);
      const facing = Math.sign(Math.sin(2 * Math.PI * u));
      return (
        palm(110, 420, 250, u, "#4a1f5c") +
        palm(206, 410, 180, u, "#5f2868") +
        palm(840, 416, 240, u, "#4a1f5c") +
        palm(930, 410, 190, u, "#5f2868") +
        ramp +
        supports +
        group(skater(u, 1 - 0.24 * nearness ** 4, facing), { transform: `${move(x, y)} ${turn(lean)}` }) +
        pool(x, Math.min(478, y + 8), 60 * nearness, 8, "#12082a", 0.7)
      );
    },
    front:
      rect(0, 322, 100, 12, "#ffd0d8", 3) +
      rect(860, 322, 100, 12, "#ffd0d8", 3) +
      spectator(30, 262, 278, "#3a8a9a") +
      spectator(70, 268, 284, "#e89a3f") +
      spectator(900, 258, 274, "#c94f7c"),
  };
}

interface Flower {
  readonly x: number;
  readonly height: number;
  readonly colour: string;
  /** The part of the loop by which it opens later. */
  readonly phase: number;
  readonly size: number;
}
function drawFlower({ x, height, colour, phase, size }: Flower, u: number): string {
  const ground = 850;
  const opening = ease(clamp(0.5 - 0.8 * Math.cos(2 * Math.PI * (u - phase))));
  const lean = 10 * swing(u, 2, phase * 6);
  const [headX, headY] = [x + lean, ground - height * (0.9 + 0.1 * opening)];
  const stem = stroke(path`M${x} 860Q${x - lean} ${ground - height * 0.5} ${headX} ${headY}`, "#3f8f5a", 5);
  const leaf = (side: number, share: number, green: string): string => {
    const y = ground - height * share;
    return ellipse(x + side * 20, y, 24, 9, green, { transform: turn(side * -30 * (0.6 + 0.4 * opening), x, y) });
  };
  const petals = times(9, (i) =>
    ellipse(headX, headY - size * 0.5, size * (0.2 + 0.1 * opening), size * 0.62, colour, {
      transform: turn((i - 4) * (9 + 31 * opening), headX, headY),
      opacity: 0.94,
    }),
  ).join("");
  const centre =
    circle(headX, headY, size * 0.24 * opening, "#ffd23f") + circle(headX, headY, size * 0.13 * opening, "#b5651d");
  return stem + leaf(-1, 0.35, "#4fa868") + leaf(1, 0.6, "#3a8a54") + petals + centre;
}

/** Sun and moon, which are opposite to each other on their way round the garden. */
function sunAndMoon(u: number): string {
  const angle = Math.PI * (1.5 - 2 * u);
  const at = (offset: number) => ({
    x: 270 + 240 * Math.cos(angle + offset),
    y: 540 - 400 * Math.sin(angle + offset),
  });
  const sun = at(0);
  const moon = at(Math.PI);
  return (
    glow(sun.x, sun.y, 230, "#fff0b0", 0.9) +
    circle(sun.x, sun.y, 46, "#fff4c2") +
    glow(moon.x, moon.y, 140, "#cfe0ff", 0.6) +
    circle(moon.x, moon.y, 34, "#f2f4ff") +
    circle(moon.x + 12, moon.y - 6, 6, "#d4dcf0") +
    circle(moon.x - 8, moon.y + 10, 8, "#d4dcf0")
  );
}

/** Fireflies, which are seen by night. `day`: 0 at night, 1 at noon. */
function firefliesOf(random: Random, count: number): (u: number, day: number) => string {
  const fireflies = times(count, () => ({ x: random() * 540, y: between(random, 420, 780), phase: random() }));
  return (u, day) =>
    fireflies
      .map(({ x, y, phase }) => {
        const brightness = (1 - day) * (0.5 + 0.5 * swing(u, 5, phase));
        return glow(x + 26 * swing(u, 2, phase), y + 18 * swing(u, 3, phase), 16, "#e8ff8a", brightness);
      })
      .join("");
}

/** Three butterflies, which are seen by day. */
const butterflies = (u: number, day: number): string =>
  times(3, (i) => {
    const [x, y] = [200 + i * 110 + 60 * swing(u, 2, i / 3), 420 + i * 60 + 40 * swing(u, 3, i / 4)];
    const flap = 0.35 + 0.65 * Math.abs(swing(u, 16, i / 3));
    const [leftWing, rightWing] = i === 1 ? ["#ffd23f", "#ffb703"] : ["#ff8fab", "#ff6f91"];
    return group(
      ellipse(-8 * flap, 0, 10 * flap, 13, leftWing) +
        ellipse(8 * flap, 0, 10 * flap, 13, rightWing) +
        rect(-1.5, -8, 3, 18, "#3a2a3a", 1.5),
      { transform: `${move(x, y)} ${zoom(1.9)}`, opacity: clamp((day - 0.5) * 4) },
    );
  }).join("");

const bladeOfGrass = (i: number): string => {
  const [bendX, bendY] = [((i * 7) % 9) - 4, -16 - ((i * 13) % 22)];
  const [tipX, tipY] = [((i * 11) % 15) - 7, -26 - ((i * 17) % 26)];
  return stroke(path`M${i * 9.2} 850q${bendX} ${bendY} ${tipX} ${tipY}`, i % 2 === 0 ? "#3f8a4f" : "#2f7045", 3.4);
};

/** Flowers open by day and close by night, while sun and moon go round. */
export function garden(): Scene {
  const random = createRandom(27);
  const flowers: readonly Flower[] = times(11, (i) => ({
    x: 36 + i * 47 + between(random, -10, 10),
    height: between(random, 170, 420),
    colour: oneOf(random, ["#ff5d8f", "#ffb703", "#9d4edd", "#fb6f50", "#f8f0ff"]),
    phase: random() * 0.1,
    size: between(random, 24, 44),
  })).toSorted((a, b) => b.height - a.height);
  const twinkle = stars(tall, 40, 420, 71);
  const fireflies = firefliesOf(random, 10);
  return {
    size: tall,
    loopSeconds: 6,
    back: rect(0, 0, 540, 960, "#0d1638"),
    middle: (u) => {
      const day = ease(clamp(0.5 - 0.72 * Math.cos(2 * Math.PI * u)));
      const dusk = bell((u - 0.12) / 0.3) + bell((u - 0.58) / 0.3);
      return (
        rect(0, 0, 540, 900, down("#4fb3e8", "#a8e0f0", "#fdf3cf"), 0, { opacity: day }) +
        rect(0, 0, 540, 900, down("#5a3a8a", "#f0708a", "#ffc27a"), 0, { opacity: Math.min(0.75, dusk * 0.75) }) +
        group(twinkle(u), { opacity: 1 - day }) +
        sunAndMoon(u) +
        shape(hills(6, { y: 640, rise: 70, period: 540, bottom: 960 }), down("#5f9f78", "#3a7a5c")) +
        shape(hills(12, { y: 730, rise: 46, period: 540, bottom: 960 }), down("#4a8f62", "#2c6a4c")) +
        flowers.map((flower) => drawFlower(flower, u)).join("") +
        rect(0, 0, 540, 960, "#0d1638", 0, { opacity: 0.5 * (1 - day) }) +
        fireflies(u, day) +
        (day > 0.5 ? butterflies(u, day) : "")
      );
    },
    front:
      rect(0, 842, 540, 120, down("#5a3f30", "#2a1c18"), 0) +
      times(60, bladeOfGrass).join("") +
      times(12, (i) => ellipse(20 + i * 47, 884 + (i % 4) * 18, 12, 6, "#3d2a22")).join(""),
  };
}

const planet = { x: 480, y: 1300, radius: 1000 } as const;
/** The angle by which the planet turns in a loop; its ground repeats after the same. */
const lapAngle = 1.24;

/** A place on the ground. `angle`: from the top of the planet; `depth`: 0 at its edge, 1 towards the viewer. */
const onPlanet = (angle: number, depth: number) => {
  const distance = planet.radius - 14 - depth * 150;
  return { x: planet.x + Math.sin(angle) * distance, y: planet.y - Math.cos(angle) * distance };
};

/** Draws a place of the ground where it is now and where it comes in next. */
const onBothLaps = (
  u: number,
  angle: number,
  depth: number,
  draw: (at: { readonly x: number; readonly y: number }) => string,
): string => [0, 1].map((lap) => draw(onPlanet(angle + lap * lapAngle - lapAngle * wrap(u), depth))).join("");

/** The lights of cities, single and in clusters, and clouds between them. */
function nightSideOf(random: Random): (u: number) => string {
  const cities = times(130, () => {
    const angle = between(random, -0.62, 0.62);
    const depth = random();
    return {
      angle,
      depth,
      radius: between(random, 0.7, 2.2),
      colour: oneOf(random, ["#ffd27a", "#ffb454", "#fff0c8"]),
    };
  });
  const clusters = times(13, () => ({
    angle: between(random, -0.6, 0.6),
    depth: between(random, 0.1, 0.8),
    radius: between(random, 16, 46),
  }));
  return (u) =>
    clusters
      .map(({ angle, depth, radius }) =>
        onBothLaps(u, angle, depth, ({ x, y }) => pool(x, y, radius * 1.7, radius * 0.6, "#ffb454", 0.4)),
      )
      .join("") +
    cities
      .map(({ angle, depth, radius, colour }) =>
        onBothLaps(u, angle, depth, ({ x, y }) => circle(x, y, radius * (1 - depth * 0.2), colour, { opacity: 0.9 })),
      )
      .join("") +
    times(6, (i) =>
      onBothLaps(u, -0.5 + i * 0.2, 0.2 + (i % 3) * 0.3, ({ x, y }) => pool(x, y, 120, 14, "#8ab8e8", 0.26)),
    ).join("");
}

/** `side`: 1 to the right of the body, -1 to its left. */
const solarPanel = (side: number): string => {
  const cell = "#9ac0ff";
  return (
    rect(side > 0 ? 44 : -44 - 190, -34, 190, 68, across("#1a3a8a", "#4a7ae0", "#1a2f70"), 3) +
    times(6, (i) => stroke(path`M${side * (56 + i * 32)} -34v68`, cell, 1.6, { opacity: 0.7 })).join("") +
    stroke(path`M${side * 44} 0h${side * 190}`, cell, 1.6, { opacity: 0.7 }) +
    stroke(path`M${side * 28} 0h${side * 18}`, "#c0c8d8", 7)
  );
};

/** A satellite around the origin, with a lamp that blinks and a reflection that moves along a panel. */
function spacecraft(u: number): string {
  const body =
    rect(-32, -46, 64, 92, across("#8a6a2a", "#ffe08a", "#e0a83f", "#7a5a20"), 6) +
    rect(-32, -8, 64, 5, "#6a4a18", 0, { opacity: 0.6 }) +
    rect(-32, 18, 64, 4, "#6a4a18", 0, { opacity: 0.5 });
  const dish =
    stroke("M0 46V64", "#c0c8d8", 6) +
    shape("M-36 62Q0 106 36 62Z", across("#e8ecf4", "#a0a8b8")) +
    stroke("M0 74V100", "#c0c8d8", 3) +
    circle(0, 102, 4, "#ffffff");
  const antennas = stroke("M-14 -46L-26 -88M14 -46L30 -80", "#c0c8d8", 2.4);
  const lamp = circle(-26, -90, 4, "#ff4a4a") + glow(-26, -90, 34, "#ff4a4a", Math.max(0, swing(u, 5)) ** 4);
  const glint = glow(120 + 60 * swing(u), -16, 60, "#ffffff", 0.35 + 0.35 * Math.max(0, swing(u, 1, 0.1)) ** 5);
  return solarPanel(-1) + solarPanel(1) + body + dish + antennas + lamp + glint;
}

/** A shooting star, once in a loop. */
function shootingStar(u: number): string {
  const t = (wrap(u) - 0.55) / 0.12;
  if (t <= 0 || t >= 1) return "";
  return stroke(path`M${820 - t * 260} ${50 + t * 80}l70 -22`, "#ffffff", 2.4, { opacity: bell(t) });
}

/** A satellite passes over the night side of a planet. */
export function satellite(): Scene {
  const twinkle = stars(wide, 24, 340, 14);
  const nightSide = nightSideOf(createRandom(64));
  const { x, y, radius } = planet;
  return {
    size: wide,
    loopSeconds: 8,
    back:
      sky(wide, "#03040f", "#070b24", "#0c1638") +
      stars(wide, 150, 540, 15)(0.1) +
      glow(120, 60, 300, "#5a3a9a", 0.32) +
      glow(820, 160, 340, "#1f5a8a", 0.3) +
      circle(x, y, radius + 52, "#2a8ae0", { opacity: 0.08 }) +
      circle(x, y, radius + 30, "#4ab0ff", { opacity: 0.14 }) +
      circle(x, y, radius + 12, "#8ad8ff", { opacity: 0.3 }) +
      circle(x, y, radius, "#0a1838") +
      circle(x, y + 6, radius - 4, "#0b1d44") +
      glow(930, 330, 260, "#bfe8ff", 0.5),
    middle: (u) => {
      const drift = move(470 + 26 * swing(u), 190 + 14 * swing(u, 1, 0.25));
      const tilt = turn(-14 + 4 * swing(u, 1, 0.1));
      return (
        twinkle(u) +
        group(nightSide(u), {}) +
        group(spacecraft(u), { transform: `${drift} ${tilt} ${zoom(1.12)}` }) +
        shootingStar(u)
      );
    },
  };
}

const boat =
  shape("M-96 -6L0 40L96 -6L60 58H-60Z", across("#f7f2e6", "#ffffff", "#cfd6e4")) +
  shape("M-96 -6L0 40L-60 58Z", "#e4e2dc") +
  shape("M0 -84L-46 16L0 40Z", "#fffdf6") +
  shape("M0 -84L46 16L0 40Z", "#d4dbe8") +
  stroke("M-96 -6L0 40L96 -6", "#b8c0d0", 1.6) +
  shape("M0 -84l26 8l-26 9Z", "#e8503f");

/** Light of the lamp on the water. */
function reflectionsOf(random: Random, count: number): (u: number) => string {
  const reflections = times(count, () => ({
    x: between(random, 150, 400),
    y: between(random, 590, 930),
    width: between(random, 20, 90),
    phase: random(),
  }));
  return (u) =>
    reflections
      .map(({ x, y, width, phase }) =>
        rect(x + 12 * swing(u, 1, phase), y, width, 3, "#ffe0a0", 1.5, { opacity: 0.3 + 0.28 * swing(u, 2, phase) }),
      )
      .join("");
}

const ripple = (x: number, y: number, radius: { readonly x: number; readonly y: number }, look: Look): string =>
  ellipse(x, y, radius.x, radius.y, "none", { stroke: "#d4e8fa", ...look });

/** Rings of the drops that fall on the water, larger towards the viewer. */
function raindropRingsOf(random: Random, count: number): (u: number) => string {
  const rings = times(count, () => ({
    x: random() * 540,
    y: between(random, 590, 940),
    start: random(),
    cycles: 1 + Math.floor(random() * 3),
  }));
  return (u) =>
    rings
      .map(({ x, y, start, cycles }) => {
        const t = wrap(start + u * cycles);
        const scale = 0.5 + (y - 560) / 380;
        return ripple(x, y, { x: 6 + t * 40 * scale, y: 2 + t * 11 * scale }, { width: 1.6, opacity: 0.6 * (1 - t) });
      })
      .join("");
}

/** Waves that go out from the boat. */
const wake = (u: number): string =>
  times(3, (i) => {
    const t = wrap(u + i / 3);
    return ripple(256, 786, { x: 90 + t * 110, y: 20 + t * 26 }, { width: 2, opacity: 0.4 * (1 - t) });
  }).join("");

function brickWallOf(random: Random): string {
  const perRow = 7;
  return times(56, (i) => {
    const [row, column] = [Math.floor(i / perRow), i % perRow];
    const colour = oneOf(random, ["#2c3a55", "#31415e", "#283550"]);
    return rect(column * 84 - (row % 2) * 42, 250 + row * 36, 80, 32, colour, 3);
  }).join("");
}

const streetLamp =
  rect(396, 96, 10, 446, "#10182a") +
  stroke("M401 100Q396 60 340 62", "#10182a", 9) +
  shape("M312 66H368L356 92H324Z", "#10182a") +
  shape("M322 90L358 90L560 640H110Z", beam("#ffdf94"), { opacity: 0.5 }) +
  glow(340, 94, 190, "#ffe6a8", 0.9) +
  ellipse(340, 92, 17, 6, "#fff8dc");

/** A paper boat in the rain, below a street lamp. */
export function paperBoat(): Scene {
  const random = createRandom(88);
  const rain = rainfall(tall, 90, 12, "#bcd8f0");
  const raindropRings = raindropRingsOf(random, 30);
  const reflections = reflectionsOf(random, 30);
  const kerb = rect(0, 538, 540, 40, down("#56657f", "#38465f")) + rect(0, 538, 540, 6, "#76879f");
  return {
    size: tall,
    loopSeconds: 5,
    back:
      sky(tall, "#131c33", "#223252", "#2c4060", "#1a2740") +
      brickWallOf(random) +
      rect(0, 220, 540, 32, "#1a2338") +
      kerb +
      streetLamp +
      rect(0, 574, 540, 390, down("#2a4468", "#182b4c", "#0b1630")),
    middle: (u) => {
      const bob = 9 * swing(u);
      const drift = move(256 + 5 * swing(u, 1, 0.3), 722 + bob);
      const mirrorImage = { transform: `${move(256, 836 + bob * 0.4)} scale(1.25 -0.7)`, opacity: 0.2 };
      return (
        reflections(u) +
        raindropRings(u) +
        wake(u) +
        group(boat, mirrorImage) +
        ellipse(256, 790, 104, 15, "#0a1428", { opacity: 0.5 }) +
        group(boat, { transform: `${drift} ${turn(5 * swing(u, 1, 0.15))} ${zoom(1.25)}` }) +
        glow(256, 690, 190, "#ffe6b0", 0.16) +
        rain(u)
      );
    },
    front: rect(0, 900, 540, 60, beam("#060c1c"), 0, { transform: turn(180, 270, 930), opacity: 0.8 }),
  };
}
