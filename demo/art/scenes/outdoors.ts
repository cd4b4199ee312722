import {
  across,
  beam,
  circle,
  down,
  ellipse,
  glow,
  group,
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
import { between, oneOf, createRandom, times } from "../random.ts";
import { bell, clamp, ease, type Scene, sky, swing, tall, wide, wrap } from "../scene.ts";

/** Shoals over a reef. */
export function reef(): Scene {
  const random = createRandom(9);
  const fish = (
    x: number,
    y: number,
    s: number,
    colours: readonly [string, string],
    facing: number,
    wag: number,
  ): string =>
    group(
      shape(path`M-20 0L${-38} ${-14 + wag * 5}Q-32 0 ${-38} ${14 + wag * 5}Z`, colours[1]) +
        shape("M-24 0Q-4 -22 26 0Q-4 22 -24 0Z", colours[0]) +
        shape("M-6 -15Q2 -22 10 -11Z", colours[1]) +
        shape("M-2 -14Q6 0 -2 14Q-8 0 -2 -14Z", colours[1], { opacity: 0.7 }) +
        circle(15, -3, 3.4, "#ffffff") +
        circle(16, -3, 1.8, "#10202a"),
      { transform: `${move(x, y)} ${zoom(s * facing, s)}` },
    );
  const palettes: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
    ["#ff9f1c", "#fff1d0"],
    ["#f94144", "#ffd6a0"],
    ["#ffd60a", "#2a6f97"],
    ["#7b6cf6", "#ffd6ff"],
    ["#3ad6c4", "#f6fff0"],
  ];
  const swimmers = times(16, () => ({
    y: between(random, 170, 700),
    s: between(random, 0.55, 1.5),
    c: oneOf(random, palettes),
    facing: random() < 0.6 ? 1 : -1,
    at: random(),
    phase: random(),
  }));
  const shoal = times(24, () => ({ dx: between(random, -110, 110), dy: between(random, -46, 46), phase: random() }));
  const coral = (x: number, y: number, s: number, fill: string): string =>
    times(7, (i) => {
      const lean = (i - 3) * 0.22;
      const [tx, ty] = [x + Math.sin(lean * 2) * s * 0.8, y - Math.cos(lean) * s * (0.7 + (0.3 * ((i * 37) % 5)) / 5)];
      return (
        stroke(path`M${x} ${y}Q${x + lean * s * 0.2} ${y - s * 0.5} ${tx} ${ty}`, fill, s * 0.13) +
        circle(tx, ty, s * 0.1, fill)
      );
    }).join("");
  const weeds = times(15, (i) => ({
    x: 12 + i * 37 + between(random, -12, 12),
    h: between(random, 120, 270),
    fill: oneOf(random, ["#1f7a5c", "#2f9e6a", "#166a5a"]),
    phase: random(),
  }));
  const bubbles = falling(
    tall,
    34,
    2,
    [-1, -2],
    (x, y, depth) =>
      circle(x, y, 2 + depth * 6, "#ffffff", { opacity: 0.1 }) +
      circle(x, y, 2 + depth * 6, "none", { stroke: "#e0fffb", width: 1.2, opacity: 0.55 }),
  );
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#7be0dc", "#2fb3c4", "#14789c", "#0b466e", "#072a4c") +
      shape(hills(3, { y: 720, rise: 50, period: 540, bottom: 960 }), "#0f4f74", { opacity: 0.7 }) +
      [
        [60, 800, 120],
        [470, 780, 150],
        [270, 830, 90],
      ]
        .map(([x = 0, y = 0, s = 0]) => coral(x, y, s, "#1a6a8c"))
        .join(""),
    middle: (u) =>
      times(6, (i) =>
        shape(
          path`M${i * 110 - 40 + 30 * swing(u, 1, i / 6)} -10L${i * 110 + 10 + 30 * swing(u, 1, i / 6)} -10L${i * 130 + 60 + 50 * swing(u, 1, i / 6)} 760L${i * 130 - 90 + 50 * swing(u, 1, i / 6)} 760Z`,
          beam("#e8fff6"),
          { opacity: 0.24 + 0.08 * swing(u, 1, i / 4) },
        ),
      ).join("") +
      shoal
        .map(({ dx, dy, phase }) => {
          const t = wrap(u);
          return group(shape("M-9 0Q0 -5 9 0Q0 5 -9 0ZM-8 0l-7 -5v10Z", "#c9f2f0", { opacity: 0.8 }), {
            transform: move(760 - t * 980 + dx, 260 + dy + 16 * swing(u, 1, phase)) + " scale(-1 1)",
          });
        })
        .join("") +
      weeds
        .map(({ x, h, fill, phase }) => {
          const s = 26 * swing(u, 1, phase);
          return stroke(
            path`M${x} 930C${x + s * 0.2} ${930 - h * 0.4} ${x - s} ${930 - h * 0.6} ${x + s} ${930 - h}`,
            fill,
            13,
            { opacity: 0.85 },
          );
        })
        .join("") +
      swimmers
        .map(({ y, s, c, facing, at, phase }) => {
          const t = wrap(at + u);
          return fish(
            facing > 0 ? t * 760 - 110 : 650 - t * 760,
            y + 14 * swing(u, 2, phase),
            s,
            c,
            facing,
            swing(u, 10, phase),
          );
        })
        .join("") +
      bubbles(u),
    front:
      shape(hills(7, { y: 880, rise: 40, period: 540, bottom: 980 }), down("#e8cfa0", "#a8885c")) +
      coral(90, 912, 150, "#ff6f61") +
      coral(196, 930, 96, "#ffb347") +
      coral(440, 910, 168, "#d65db1") +
      coral(344, 934, 100, "#ff9671") +
      coral(20, 940, 80, "#845ec2") +
      coral(520, 940, 90, "#f9c74f") +
      [
        [262, 926, 34],
        [300, 940, 24],
        [140, 946, 30],
      ]
        .map(
          ([x = 0, y = 0, r = 0]) =>
            ellipse(x, y, r, r * 0.6, "#6b5a4c") + ellipse(x - r * 0.2, y - r * 0.2, r * 0.6, r * 0.28, "#8f7a66"),
        )
        .join(""),
  };
}

/** A skater goes from side to side of a half-pipe. */
export function skatePark(): Scene {
  const palm = (x: number, y: number, h: number, u: number, fill: string): string =>
    stroke(path`M${x} ${y}Q${x + 12} ${y - h * 0.5} ${x + 4} ${y - h}`, fill, h * 0.045) +
    times(8, (i) => {
      const angle = -Math.PI * (i / 7) + 0.04 * swing(u, 1, i / 8);
      const [dx, dy] = [Math.cos(angle) * h * 0.42, Math.sin(angle) * h * 0.2];
      return shape(
        path`M${x + 4} ${y - h}Q${x + 4 + dx * 0.6} ${y - h + dy - h * 0.12} ${x + 4 + dx} ${y - h + dy + h * 0.14}Q${x + 4 + dx * 0.45} ${y - h + dy * 0.6} ${x + 4} ${y - h}Z`,
        fill,
      );
    }).join("");
  return {
    size: wide,
    loopSeconds: 4,
    back:
      sky(wide, "#3a2a78", "#8a3f98", "#f0608a", "#ff9a6a", "#ffd07a") +
      glow(480, 330, 360, "#ffe89a", 0.8) +
      circle(480, 330, 120, down("#fff2a8", "#ff8a6a")) +
      times(5, (i) => rect(350, 340 + i * 20, 260, 4 + i * 2, "#f0708a", 0, { opacity: 0.8 })).join("") +
      shape(hills(4, { y: 400, rise: 30, period: 960, bottom: 540 }), "#8a3a7a") +
      times(22, (i) => rect(i * 46 - 10, 386 - ((i * 53) % 62), 34, 130, "#6a2c70", 2)).join(""),
    middle: (u) => {
      // From lip to lip and a little above; each side is the curve of the ramp below.
      const swung = 1.14 * Math.cos(2 * Math.PI * u);
      const side = Math.sign(swung) || 1;
      const t = Math.max(0, 1 - Math.abs(swung));
      const along = { x: 2 * (1 - t) * 34 + 2 * t * 350, y: 2 * (1 - t) * 140 };
      const x = 480 + side * (384 - 2 * t * (1 - t) * 34 - t * t * 384);
      const y = 330 + 2 * t * (1 - t) * 140 + t * t * 140 - 4 - 620 * Math.max(0, Math.abs(swung) - 1);
      const lean = (side * Math.atan2(-along.y, along.x) * 180) / Math.PI;
      const crouch = 1 - 0.24 * t ** 4;
      const ink = "#1f1238";
      const skater =
        rect(-36, -12, 72, 6, "#ffd23f", 3) +
        circle(-22, -4, 5, ink) +
        circle(22, -4, 5, ink) +
        stroke(
          path`M-16 -14L${-22} ${-40 * crouch}L-2 ${-66 * crouch}M18 -14L${24} ${-42 * crouch}L2 ${-66 * crouch}`,
          "#3a5a9a",
          13,
        ) +
        stroke(
          path`M0 ${-66 * crouch}L${8 * Math.sign(Math.sin(2 * Math.PI * u)) - 2} ${-108 * crouch}`,
          "#e8453c",
          23,
        ) +
        stroke(
          path`M0 ${-102 * crouch}Q-26 ${-104 * crouch} -46 ${-88 * crouch - 18 * swing(u, 2)}M4 ${-102 * crouch}Q30 ${-108 * crouch} 48 ${-92 * crouch + 18 * swing(u, 2)}`,
          "#e8b894",
          9,
        ) +
        circle(2, -126 * crouch, 14, "#e8b894") +
        shape(
          path`M-13 ${-128 * crouch}Q-11 ${-146 * crouch} 4 ${-145 * crouch}Q19 ${-143 * crouch} 17 ${-128 * crouch}L28 ${-127 * crouch}L17 ${-124 * crouch}Q2 ${-131 * crouch} -13 ${-128 * crouch}Z`,
          "#1f1238",
        );
      return (
        palm(110, 420, 250, u, "#4a1f5c") +
        palm(206, 410, 180, u, "#5f2868") +
        palm(840, 416, 240, u, "#4a1f5c") +
        palm(930, 410, 190, u, "#5f2868") +
        shape("M0 330H96Q130 470 480 470Q830 470 864 330H960V540H0Z", down("#5f4a9a", "#33245f")) +
        shape("M0 330H96Q130 470 480 470Q830 470 864 330H960", "none", { stroke: "#ffb8c8", width: 5 }) +
        times(9, (i) =>
          stroke(path`M${90 + i * 98} ${470 + 34 * Math.abs(i - 4) * 0.1}V540`, "#241a4a", 2, { opacity: 0.5 }),
        ).join("") +
        group(skater, { transform: `${move(x, y)} ${turn(lean)}` }) +
        pool(x, Math.min(478, y + 8), 60 * t, 8, "#12082a", 0.7)
      );
    },
    front:
      rect(0, 322, 100, 12, "#ffd0d8", 3) +
      rect(860, 322, 100, 12, "#ffd0d8", 3) +
      [30, 70]
        .map(
          (x, i) =>
            circle(x, 262 + i * 6, 13, "#241442") +
            shape(
              path`M${x - 18} 324Q${x - 18} ${280 + i * 6} ${x} ${278 + i * 6}Q${x + 18} ${280 + i * 6} ${x + 18} 324Z`,
              i === 0 ? "#3a8a9a" : "#e89a3f",
            ),
        )
        .join("") +
      [900]
        .map(
          (x) =>
            circle(x, 258, 13, "#241442") +
            shape(path`M${x - 18} 324Q${x - 18} 276 ${x} 274Q${x + 18} 276 ${x + 18} 324Z`, "#c94f7c"),
        )
        .join(""),
  };
}

/** Flowers open by day and close by night; the sun and the moon take turns. */
export function garden(): Scene {
  const random = createRandom(27);
  const flowers = times(11, (i) => ({
    x: 36 + i * 47 + between(random, -10, 10),
    h: between(random, 170, 420),
    c: oneOf(random, ["#ff5d8f", "#ffb703", "#9d4edd", "#fb6f50", "#f8f0ff"]),
    phase: random() * 0.1,
    size: between(random, 24, 44),
  })).toSorted((a, b) => b.h - a.h);
  const twinkle = stars(tall, 40, 420, 71);
  const flies = times(10, () => ({ x: random() * 540, y: between(random, 420, 780), phase: random() }));
  return {
    size: tall,
    loopSeconds: 6,
    back: rect(0, 0, 540, 960, "#0d1638"),
    middle: (u) => {
      const day = ease(clamp(0.5 - 0.72 * Math.cos(2 * Math.PI * u)));
      const dusk = bell((u - 0.12) / 0.3) + bell((u - 0.58) / 0.3);
      const angle = Math.PI * (1.5 - 2 * u);
      const at = (offset: number) => ({
        x: 270 + 240 * Math.cos(angle + offset),
        y: 540 - 400 * Math.sin(angle + offset),
      });
      const sun = at(0);
      const moon = at(Math.PI);
      const flower = ({ x, h, c, phase, size }: (typeof flowers)[number]): string => {
        const open = ease(clamp(0.5 - 0.8 * Math.cos(2 * Math.PI * (u - phase))));
        const lean = 10 * swing(u, 2, phase * 6);
        const [tx, ty] = [x + lean, 850 - h * (0.9 + 0.1 * open)];
        const petals = times(9, (i) => {
          const spread = (i - 4) * (9 + 31 * open);
          return ellipse(tx, ty - size * 0.5, size * (0.2 + 0.1 * open), size * 0.62, c, {
            transform: turn(spread, tx, ty),
            opacity: 0.94,
          });
        }).join("");
        return (
          stroke(path`M${x} 860Q${x - lean} ${850 - h * 0.5} ${tx} ${ty}`, "#3f8f5a", 5) +
          [0.35, 0.6]
            .map((t, k) =>
              ellipse(x + (k === 0 ? -20 : 20), 850 - h * t, 24, 9, k === 0 ? "#4fa868" : "#3a8a54", {
                transform: turn((k === 0 ? 30 : -30) * (0.6 + 0.4 * open), x, 850 - h * t),
              }),
            )
            .join("") +
          petals +
          circle(tx, ty, size * 0.24 * open, "#ffd23f") +
          circle(tx, ty, size * 0.13 * open, "#b5651d")
        );
      };
      return (
        rect(0, 0, 540, 900, down("#4fb3e8", "#a8e0f0", "#fdf3cf"), 0, { opacity: day }) +
        rect(0, 0, 540, 900, down("#5a3a8a", "#f0708a", "#ffc27a"), 0, { opacity: Math.min(0.75, dusk * 0.75) }) +
        group(twinkle(u), { opacity: 1 - day }) +
        glow(sun.x, sun.y, 230, "#fff0b0", 0.9) +
        circle(sun.x, sun.y, 46, "#fff4c2") +
        glow(moon.x, moon.y, 140, "#cfe0ff", 0.6) +
        circle(moon.x, moon.y, 34, "#f2f4ff") +
        circle(moon.x + 12, moon.y - 6, 6, "#d4dcf0") +
        circle(moon.x - 8, moon.y + 10, 8, "#d4dcf0") +
        shape(hills(6, { y: 640, rise: 70, period: 540, bottom: 960 }), down("#5f9f78", "#3a7a5c")) +
        shape(hills(12, { y: 730, rise: 46, period: 540, bottom: 960 }), down("#4a8f62", "#2c6a4c")) +
        flowers.map(flower).join("") +
        rect(0, 0, 540, 960, "#0d1638", 0, { opacity: 0.5 * (1 - day) }) +
        flies
          .map(({ x, y, phase }) =>
            glow(
              x + 26 * swing(u, 2, phase),
              y + 18 * swing(u, 3, phase),
              16,
              "#e8ff8a",
              (1 - day) * (0.5 + 0.5 * swing(u, 5, phase)),
            ),
          )
          .join("") +
        (day > 0.5
          ? [0, 1, 2]
              .map((i) => {
                const [x, y] = [200 + i * 110 + 60 * swing(u, 2, i / 3), 420 + i * 60 + 40 * swing(u, 3, i / 4)];
                const flap = 0.35 + 0.65 * Math.abs(swing(u, 16, i / 3));
                return group(
                  ellipse(-8 * flap, 0, 10 * flap, 13, i === 1 ? "#ffd23f" : "#ff8fab") +
                    ellipse(8 * flap, 0, 10 * flap, 13, i === 1 ? "#ffb703" : "#ff6f91") +
                    rect(-1.5, -8, 3, 18, "#3a2a3a", 1.5),
                  { transform: `${move(x, y)} ${zoom(1.9)}`, opacity: clamp((day - 0.5) * 4) },
                );
              })
              .join("")
          : "")
      );
    },
    front:
      rect(0, 842, 540, 120, down("#5a3f30", "#2a1c18"), 0) +
      times(60, (i) =>
        stroke(
          path`M${i * 9.2} 850q${((i * 7) % 9) - 4} ${-16 - ((i * 13) % 22)} ${((i * 11) % 15) - 7} ${-26 - ((i * 17) % 26)}`,
          i % 2 === 0 ? "#3f8a4f" : "#2f7045",
          3.4,
        ),
      ).join("") +
      times(12, (i) => ellipse(20 + i * 47, 884 + (i % 4) * 18, 12, 6, "#3d2a22")).join(""),
  };
}

/** A satellite passes over the night side of a planet. */
export function satellite(): Scene {
  const random = createRandom(64);
  const twinkle = stars(wide, 24, 340, 14);
  const cities = times(130, () => {
    const angle = between(random, -0.62, 0.62);
    const depth = random();
    return { angle, depth, r: between(random, 0.7, 2.2), colour: oneOf(random, ["#ffd27a", "#ffb454", "#fff0c8"]) };
  });
  const clusters = times(13, () => ({
    angle: between(random, -0.6, 0.6),
    depth: between(random, 0.1, 0.8),
    r: between(random, 16, 46),
  }));
  const on = (angle: number, depth: number) => {
    const r = 1000 - 14 - depth * 150;
    return { x: 480 + Math.sin(angle) * r, y: 1300 - Math.cos(angle) * r };
  };
  return {
    size: wide,
    loopSeconds: 8,
    back:
      sky(wide, "#03040f", "#070b24", "#0c1638") +
      stars(wide, 150, 540, 15)(0.1) +
      glow(120, 60, 300, "#5a3a9a", 0.32) +
      glow(820, 160, 340, "#1f5a8a", 0.3) +
      circle(480, 1300, 1052, "#2a8ae0", { opacity: 0.08 }) +
      circle(480, 1300, 1030, "#4ab0ff", { opacity: 0.14 }) +
      circle(480, 1300, 1012, "#8ad8ff", { opacity: 0.3 }) +
      circle(480, 1300, 1000, "#0a1838") +
      circle(480, 1306, 996, "#0b1d44") +
      glow(930, 330, 260, "#bfe8ff", 0.5),
    middle: (u) =>
      twinkle(u) +
      group(
        clusters
          .flatMap(({ angle, depth, r }) =>
            [0, 1].map((lap) => {
              const p = on(angle + lap * 1.24 - 0.62 * 2 * wrap(u), depth);
              return pool(p.x, p.y, r * 1.7, r * 0.6, "#ffb454", 0.4);
            }),
          )
          .join("") +
          cities
            .flatMap(({ angle, depth, r, colour }) =>
              [0, 1].map((lap) => {
                const p = on(angle + lap * 1.24 - 1.24 * wrap(u), depth);
                return circle(p.x, p.y, r * (1 - depth * 0.2), colour, { opacity: 0.9 });
              }),
            )
            .join("") +
          times(6, (i) =>
            [0, 1]
              .map((lap) => {
                const p = on(-0.5 + i * 0.2 + lap * 1.24 - 1.24 * wrap(u), 0.2 + (i % 3) * 0.3);
                return pool(p.x, p.y, 120, 14, "#8ab8e8", 0.26);
              })
              .join(""),
          ).join(""),
        {},
      ) +
      group(
        [-1, 1]
          .map(
            (side) =>
              rect(side > 0 ? 44 : -44 - 190, -34, 190, 68, across("#1a3a8a", "#4a7ae0", "#1a2f70"), 3) +
              times(6, (i) => stroke(path`M${side * (56 + i * 32)} -34v68`, "#9ac0ff", 1.6, { opacity: 0.7 })).join(
                "",
              ) +
              stroke(path`M${side * 44} 0h${side * 190}`, "#9ac0ff", 1.6, { opacity: 0.7 }) +
              stroke(path`M${side * 28} 0h${side * 18}`, "#c0c8d8", 7),
          )
          .join("") +
          rect(-32, -46, 64, 92, across("#8a6a2a", "#ffe08a", "#e0a83f", "#7a5a20"), 6) +
          rect(-32, -8, 64, 5, "#6a4a18", 0, { opacity: 0.6 }) +
          rect(-32, 18, 64, 4, "#6a4a18", 0, { opacity: 0.5 }) +
          stroke("M0 46V64", "#c0c8d8", 6) +
          shape("M-36 62Q0 106 36 62Z", across("#e8ecf4", "#a0a8b8")) +
          stroke("M0 74V100", "#c0c8d8", 3) +
          circle(0, 102, 4, "#ffffff") +
          stroke("M-14 -46L-26 -88M14 -46L30 -80", "#c0c8d8", 2.4) +
          circle(-26, -90, 4, "#ff4a4a") +
          glow(-26, -90, 34, "#ff4a4a", Math.max(0, swing(u, 5)) ** 4) +
          glow(120 + 60 * swing(u), -16, 60, "#ffffff", 0.35 + 0.35 * Math.max(0, swing(u, 1, 0.1)) ** 5),
        {
          transform: `${move(470 + 26 * swing(u), 190 + 14 * swing(u, 1, 0.25))} ${turn(-14 + 4 * swing(u, 1, 0.1))} ${zoom(1.12)}`,
        },
      ) +
      (() => {
        const t = (wrap(u) - 0.55) / 0.12;
        return t > 0 && t < 1
          ? stroke(path`M${820 - t * 260} ${50 + t * 80}l70 -22`, "#ffffff", 2.4, { opacity: bell(t) })
          : "";
      })(),
  };
}

/** A paper boat in the rain, below a street lamp. */
export function paperBoat(): Scene {
  const random = createRandom(88);
  const rain = rainfall(tall, 90, 12, "#bcd8f0");
  const rings = times(30, () => ({
    x: random() * 540,
    y: between(random, 590, 940),
    at: random(),
    cycles: 1 + Math.floor(random() * 3),
  }));
  const glints = times(30, () => ({
    x: between(random, 150, 400),
    y: between(random, 590, 930),
    w: between(random, 20, 90),
    phase: random(),
  }));
  const wall = times(56, (i) =>
    rect(
      (i % 7) * 84 - (Math.floor(i / 7) % 2) * 42,
      250 + Math.floor(i / 7) * 36,
      80,
      32,
      oneOf(random, ["#2c3a55", "#31415e", "#283550"]),
      3,
    ),
  ).join("");
  return {
    size: tall,
    loopSeconds: 5,
    back:
      sky(tall, "#131c33", "#223252", "#2c4060", "#1a2740") +
      wall +
      rect(0, 220, 540, 32, "#1a2338") +
      rect(0, 538, 540, 40, down("#56657f", "#38465f")) +
      rect(0, 538, 540, 6, "#76879f") +
      rect(396, 96, 10, 446, "#10182a") +
      stroke("M401 100Q396 60 340 62", "#10182a", 9) +
      shape("M312 66H368L356 92H324Z", "#10182a") +
      shape("M322 90L358 90L560 640H110Z", beam("#ffdf94"), { opacity: 0.5 }) +
      glow(340, 94, 190, "#ffe6a8", 0.9) +
      ellipse(340, 92, 17, 6, "#fff8dc") +
      rect(0, 574, 540, 390, down("#2a4468", "#182b4c", "#0b1630")),
    middle: (u) => {
      const bob = 9 * swing(u);
      const boat =
        shape("M-96 -6L0 40L96 -6L60 58H-60Z", across("#f7f2e6", "#ffffff", "#cfd6e4")) +
        shape("M-96 -6L0 40L-60 58Z", "#e4e2dc") +
        shape("M0 -84L-46 16L0 40Z", "#fffdf6") +
        shape("M0 -84L46 16L0 40Z", "#d4dbe8") +
        stroke("M-96 -6L0 40L96 -6", "#b8c0d0", 1.6) +
        shape("M0 -84l26 8l-26 9Z", "#e8503f");
      return (
        glints
          .map(({ x, y, w, phase }) =>
            rect(x + 12 * swing(u, 1, phase), y, w, 3, "#ffe0a0", 1.5, { opacity: 0.3 + 0.28 * swing(u, 2, phase) }),
          )
          .join("") +
        rings
          .map(({ x, y, at, cycles }) => {
            const t = wrap(at + u * cycles);
            const depth = (y - 560) / 380;
            return ellipse(x, y, 6 + t * 40 * (0.5 + depth), 2 + t * 11 * (0.5 + depth), "none", {
              stroke: "#d4e8fa",
              width: 1.6,
              opacity: 0.6 * (1 - t),
            });
          })
          .join("") +
        times(3, (i) => {
          const t = wrap(u * 1 + i / 3);
          return ellipse(256, 786, 90 + t * 110, 20 + t * 26, "none", {
            stroke: "#d4e8fa",
            width: 2,
            opacity: 0.4 * (1 - t),
          });
        }).join("") +
        group(boat, { transform: `${move(256, 836 + bob * 0.4)} scale(1.25 -0.7)`, opacity: 0.2 }) +
        ellipse(256, 790, 104, 15, "#0a1428", { opacity: 0.5 }) +
        group(boat, {
          transform: `${move(256 + 5 * swing(u, 1, 0.3), 722 + bob)} ${turn(5 * swing(u, 1, 0.15))} ${zoom(1.25)}`,
        }) +
        glow(256, 690, 190, "#ffe6b0", 0.16) +
        rain(u)
      );
    },
    front: rect(0, 900, 540, 60, beam("#060c1c"), 0, { transform: turn(180, 270, 930), opacity: 0.8 }),
  };
}
