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
} from "../svg.ts";
import { lantern, outfits, rainfall, stars, steam, towers, walker, waterBand } from "../pieces.ts";
import { between, oneOf, createRandom, times } from "../random.ts";
import { ease, type Scene, sky, swing, tall, wide, wrap } from "../scene.ts";

/** A street of stalls under swaying lanterns. */
export function nightMarket(): Scene {
  const random = createRandom(3);
  const stall = (x: number, y: number, w: number, stripes: readonly [string, string], depth: number): string => {
    const h = w * 0.86;
    const scallops = times(8, (i) => {
      const startX = x + (i * w) / 8;
      return shape(
        path`M${startX} ${y - h}L${startX + w / 8} ${y - h}V${y - h * 0.66}Q${startX + w / 16} ${y - h * 0.56} ${startX} ${y - h * 0.66}Z`,
        stripes[i % 2] ?? stripes[0],
      );
    }).join("");
    const goods = times(9, (i) =>
      circle(
        x + w * 0.1 + (i * w) / 11,
        y - h * 0.31 - (i % 3) * 5,
        w * 0.045,
        oneOf(random, ["#f2b544", "#d9482b", "#8fb339", "#f28f6b"]),
      ),
    ).join("");
    return (
      rect(x + 4, y - h * 0.8, w - 8, h * 0.8, down("#5b2a2e", "#ffb85c", "#8a3d2a")) +
      glow(x + w / 2, y - h * 0.52, w * 0.6, "#ffcf70", 0.8) +
      rect(x + w * 0.06, y - h * 0.58, w * 0.88, 4, "#6b2c22", 0, { opacity: 0.7 }) +
      times(6, (i) =>
        rect(
          x + w * (0.12 + i * 0.135),
          y - h * 0.58 - w * 0.07,
          w * 0.06,
          w * 0.07,
          oneOf(random, ["#b5523b", "#49796b", "#d9a441"]),
          3,
        ),
      ).join("") +
      goods +
      rect(x - 3, y - h * 0.3, w + 6, h * 0.3, down("#7a3424", "#3c1720"), 3) +
      scallops +
      rect(x - 4, y - h * 1.05, w + 8, h * 0.09, "#431a2a", 3) +
      rect(x, y - h, w, h, "#1a1030", 0, { opacity: depth })
    );
  };
  const far = towers(random, { from: -20, to: 560, bottom: 560, low: 110, high: 300, fill: "#33244f" });
  const roofs = towers(random, { from: -20, to: 560, bottom: 610, low: 60, high: 190, fill: "#26183e" });
  const lit = [...far.windows, ...roofs.windows].filter(() => random() < 0.22);
  const twinkle = stars(tall, 26, 300, 8);
  const strings = [
    { y: 120, sag: 70, size: 24, colour: "#ff5d3a", lit: "#ffc061", count: 6 },
    { y: 215, sag: 58, size: 19, colour: "#ffa23a", lit: "#ffe08a", count: 7 },
    { y: 292, sag: 44, size: 14, colour: "#ff6f59", lit: "#ffd08a", count: 9 },
    { y: 352, sag: 30, size: 10, colour: "#ffb347", lit: "#fff0b0", count: 12 },
  ];
  const cord = ({ y, sag }: { y: number; sag: number }) =>
    stroke(path`M-20 ${y}Q270 ${y + sag * 2} 560 ${y}`, "#180d26", 2);
  const passers = [
    { y: 720, h: 150, lane: 1, at: 0.1, outfit: outfits[3] },
    { y: 752, h: 172, lane: -1, at: 0.34, outfit: outfits[1] },
    { y: 738, h: 160, lane: 1, at: 0.74, outfit: outfits[4] },
    { y: 780, h: 190, lane: -1, at: 0.02, outfit: outfits[2] },
    { y: 812, h: 206, lane: 1, at: 0.4, outfit: outfits[0] },
  ];
  const smoke = steam(120, 560, 190, 5, "#ffe2b8");
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#120c2e", "#2b1a52", "#7a2f63", "#e06a4e", "#ffb45e") +
      circle(410, 96, 34, "#fff1cf") +
      glow(410, 96, 120, "#ffd9a0", 0.6) +
      far.walls +
      roofs.walls +
      lit.map(({ x, y }) => rect(x, y, 5, 7, "#ffcf7d", 1, { opacity: 0.8 })).join("") +
      shape("M0 600H540V960H0Z", down("#5a2a45", "#2a1534", "#150a20")) +
      shape("M200 600L340 600L620 960L-80 960Z", down("#a4513f", "#4a2140", "#241030")) +
      stall(-30, 668, 150, ["#d9482b", "#f6e3c5"], 0.12) +
      stall(422, 668, 150, ["#2f6f73", "#f6e3c5"], 0.12) +
      pool(270, 700, 250, 70, "#ff9a4d", 0.55) +
      pool(270, 850, 320, 90, "#ff7a45", 0.35),
    middle: (u) =>
      twinkle(u) +
      smoke(u) +
      strings
        .toReversed()
        .map(
          (rope) =>
            cord(rope) +
            times(rope.count, (i) => {
              const t = (i + 0.5) / rope.count;
              const y = rope.y + 4 * t * (1 - t) * rope.sag;
              return lantern(t * 580 - 20, y, rope.size, rope.colour, rope.lit, 7 * swing(u, 1, t + rope.size / 30));
            }).join(""),
        )
        .join("") +
      passers
        .toSorted((a, b) => a.y - b.y)
        .map(({ y, h, lane, at, outfit = outfits[0] }) => {
          const t = wrap(at + u);
          const x = lane > 0 ? t * 760 - 110 : 650 - t * 760;
          return (
            ellipse(x, y + 3, h * 0.2, h * 0.03, "#12081c", { opacity: 0.5 }) +
            walker(x, y, h, outfit, swing(u, 6, at), lane)
          );
        })
        .join(""),
    front:
      stall(-92, 985, 250, ["#b8336a", "#ffe5c9"], 0.28) +
      stall(392, 985, 250, ["#e0912f", "#fff0d6"], 0.28) +
      rect(0, 780, 540, 180, beam("#150a20"), 0, { transform: turn(180, 270, 870) }),
  };
}

/** Towers at dusk whose windows go on and off, and cars on a bridge. */
export function cityAtDusk(): Scene {
  const random = createRandom(21);
  const layers = [
    towers(random, { from: -20, to: 980, bottom: 420, low: 90, high: 230, fill: "#8a5a83" }),
    towers(random, { from: -30, to: 980, bottom: 425, low: 70, high: 290, fill: "#553a6b" }),
    towers(random, { from: -10, to: 980, bottom: 430, low: 50, high: 190, fill: "#2d2148" }),
  ] as const;
  const lamps = layers.flatMap(({ windows }, depth) =>
    windows
      .filter(() => random() < 0.3 + depth * 0.08)
      .map((window) => ({
        ...window,
        on: random(),
        length: between(random, 0.5, 1.4),
        colour: oneOf(random, ["#ffd27a", "#ffe6b0", "#ffb866", "#bfe3ff"]),
      })),
  );
  const steady = lamps.filter(({ length }) => length > 0.8);
  const changing = lamps.filter(({ length }) => length <= 0.8).slice(0, 110);
  const windowOf = ({ x, y, colour }: { x: number; y: number; colour: string }, opacity: number) =>
    rect(x, y, 5, 7, colour, 1, { opacity });
  const cars = times(10, (i) => ({ lane: i % 2, at: random(), colour: i % 2 === 0 ? "#ff5a4a" : "#fff0c0" }));
  return {
    size: wide,
    loopSeconds: 6,
    back:
      sky(wide, "#2a2a5e", "#6a4a8a", "#d9738a", "#ffab73", "#ffd49a") +
      glow(690, 330, 300, "#ffe0a0", 0.9) +
      circle(690, 330, 46, "#fff0cf") +
      [60, 96, 150, 205]
        .map((y, i) => ellipse(180 + i * 210, y, 170 - i * 18, 9 + i * 2, "#ffd9c0", { opacity: 0.22 }))
        .join("") +
      layers
        .map(({ walls }) => walls)
        .join(rect(0, 300, 960, 130, beam("#ffb08a"), 0, { opacity: 0.3, transform: turn(180, 480, 365) })) +
      steady.map((window) => windowOf(window, 0.85)).join("") +
      rect(0, 424, 960, 116, down("#3a2a5c", "#1b1638")),
    middle: (u) =>
      changing
        .map((window) => windowOf(window, 0.9 * ease(Math.min(1, Math.max(0, 0.5 + 2.4 * swing(u, 1, window.on))))))
        .join("") +
      times(26, (i) => {
        const x = (i * 137) % 960;
        return rect(
          x + 6 * swing(u, 1, i / 9),
          446 + (i % 5) * 15,
          34 + (i % 4) * 16,
          2,
          i % 3 === 0 ? "#ffcf8a" : "#d98aa0",
          1,
          {
            opacity: 0.3 + 0.25 * swing(u, 2, i / 7),
          },
        );
      }).join("") +
      rect(0, 470, 960, 16, "#15102b") +
      cars
        .map(({ lane, at, colour }) => {
          const x = lane === 0 ? wrap(at + u) * 1040 - 40 : 1000 - wrap(at + u) * 1040;
          return (
            glow(x, 466, 22, colour, 0.9) +
            rect(x - 13, 459, 26, 9, "#0e0a20", 4) +
            circle(x + (lane === 0 ? -12 : -13), 465, 2.4, colour)
          );
        })
        .join(""),
    front:
      rect(0, 470, 960, 7, "#241a42") +
      times(5, (i) => rect(60 + i * 210, 478, 26, 70, down("#241a42", "#120d28"))).join("") +
      times(4, (i) => stroke(path`M${73 + i * 210} 500Q${178 + i * 210} 566 ${283 + i * 210} 500`, "#120d28", 8)).join(
        "",
      ),
  };
}

/** Drops on a window in front of blurred lights. */
export function rainOnWindow(): Scene {
  const random = createRandom(77);
  const lights = times(28, () => ({
    x: random() * 540,
    y: between(random, 220, 760),
    r: between(random, 22, 66),
    colour: oneOf(random, ["#ffb45c", "#ff7a5c", "#5cc8ff", "#ffe08a", "#b07aff", "#5cffc8"]),
    phase: random(),
  }));
  const beads = times(150, () => ({ x: random() * 540, y: random() * 800, r: between(random, 1.2, 5.4) }));
  const runners = times(15, () => ({
    x: between(random, 20, 520),
    at: random(),
    r: between(random, 4, 8),
    bend: random(),
  }));
  const drop = (x: number, y: number, r: number) =>
    ellipse(x, y, r, r * 1.2, "#cfe6ff", { opacity: 0.26 }) +
    ellipse(x, y + r * 0.45, r * 0.66, r * 0.5, "#ffffff", { opacity: 0.3 }) +
    circle(x - r * 0.3, y - r * 0.4, r * 0.25, "#ffffff", { opacity: 0.85 });
  const curl = steam(398, 716, 170, 4);
  const rain = rainfall(tall, 40, 6, "#9cc4ee");
  return {
    size: tall,
    loopSeconds: 5,
    back:
      sky(tall, "#0b1426", "#14284a", "#24406a", "#182a48") +
      rect(0, 560, 540, 300, beam("#0a1222"), 0, { transform: turn(180, 270, 710) }) +
      times(7, (i) => rect(i * 88 - 20, 330 + ((i * 67) % 150), 66, 500, "#0d1a33", 3, { opacity: 0.6 })).join(""),
    middle: (u) =>
      lights
        .map(({ x, y, r, colour, phase }) => {
          const opacity = 0.52 + 0.16 * swing(u, 1, phase);
          return (
            glow(x, y, r * 1.4, colour, opacity * 0.8) + circle(x, y, r * 0.62, colour, { opacity: opacity * 0.55 })
          );
        })
        .join("") +
      rain(u) +
      runners
        .map(({ x, at, r, bend }) => {
          // A drop waits, then runs.
          const t = ease(wrap(at + u));
          const y = t * 980 - 60;
          const sway = 7 * Math.sin(y / 60 + bend * 6);
          return (
            stroke(path`M${x} ${y - 190}Q${x - 6} ${y - 90} ${x + sway} ${y}`, "#cfe6ff", r * 0.8, { opacity: 0.14 }) +
            drop(x + sway, y, r)
          );
        })
        .join("") +
      curl(u),
    front:
      beads.map(({ x, y, r }) => drop(x, y, r)).join("") +
      rect(0, 0, 540, 24, "#2b1c18") +
      rect(0, 0, 22, 960, across("#2b1c18", "#46302a")) +
      rect(518, 0, 22, 960, across("#46302a", "#2b1c18")) +
      rect(0, 392, 540, 16, down("#4a332c", "#2b1c18")) +
      rect(0, 806, 540, 160, down("#5c4034", "#2a1a16")) +
      rect(0, 806, 540, 7, "#7a5746") +
      // A mug, two books and a plant.
      shape("M360 720H436V790Q436 812 414 812H382Q360 812 360 790Z", across("#e8785a", "#a83d35")) +
      stroke("M436 736Q468 736 466 764Q464 786 434 786", "#c65244", 10) +
      ellipse(398, 721, 38, 8, "#5a2320") +
      rect(70, 780, 210, 28, across("#2f5d62", "#1e3f48"), 4) +
      rect(84, 754, 178, 26, across("#d9a05b", "#a86d3a"), 4) +
      rect(84, 762, 178, 4, "#f3dcae", 0, { opacity: 0.5 }) +
      shape("M126 712H206L194 754H138Z", across("#c9694a", "#8c3f31")) +
      [-46, -24, 0, 22, 48]
        .map((lean, i) =>
          shape(
            path`M166 714Q${166 + lean * 0.3} ${660 - (i % 2) * 22} ${166 + lean * 1.4} ${622 + Math.abs(lean)}Q${166 + lean * 1.2} ${670 + Math.abs(lean) * 0.4} 166 714Z`,
            i % 2 === 0 ? "#3f7d58" : "#2f6449",
          ),
        )
        .join(""),
  };
}

/** An underground train arrives, waits and leaves. */
export function metro(): Scene {
  const random = createRandom(31);
  const people = times(6, (i) => ({
    x: 90 + i * 148 + between(random, -24, 24),
    h: between(random, 150, 185),
    outfit: outfits[(i * 2 + 1) % 5] ?? outfits[0],
    facing: random() < 0.5 ? 1 : -1,
  }));
  const car = (x: number): string =>
    rect(x, 176, 470, 196, down("#f2f5f7", "#cfd9e2", "#aebccb"), 18) +
    rect(x, 300, 470, 18, "#e8503f") +
    rect(x, 322, 470, 6, "#2a4f7c") +
    times(
      4,
      (i) =>
        rect(x + 26 + i * 112, 206, 78, 74, down("#ffeec2", "#ffd78a"), 9) +
        (i % 2 === 1 ? rect(x + 62 + i * 112, 206, 5, 150, "#8fa1b3") : ""),
    ).join("") +
    times(4, (i) => shape(path`M${x + 50 + i * 112} 280v-28q15 -22 30 0v28Z`, "#7a5a58", { opacity: 0.75 })).join("");
  // From the right, a rest, and on to the left; each part eases.
  const placeOf = (u: number): number =>
    u < 0.3 ? 1900 * (1 - ease(u / 0.3)) ** 2 : u < 0.62 ? 0 : -2300 * ease((u - 0.62) / 0.38) ** 2;
  return {
    size: wide,
    loopSeconds: 8,
    back:
      sky(wide, "#16202e", "#26384c", "#1a2636") +
      rect(0, 90, 960, 290, down("#33485c", "#22313f")) +
      times(26, (i) =>
        rect((i % 13) * 76 - 6, 104 + Math.floor(i / 13) * 42, 70, 36, i % 7 === 2 ? "#d98e4a" : "#3f566b", 3),
      ).join("") +
      rect(0, 188, 960, 26, "#e2b04a", 0, { opacity: 0.85 }) +
      rect(0, 340, 960, 70, "#0c1219") +
      times(
        4,
        (i) => rect(60 + i * 260, 52, 150, 12, "#fff6dd", 6) + glow(135 + i * 260, 60, 170, "#ffe9b0", 0.55),
      ).join(""),
    middle: (u) => {
      const x = placeOf(u);
      const isMoving = u < 0.3 || u > 0.62;
      return (
        [-490, 0, 490, 980].map((offset) => car(x + offset)).join("") +
        [-490, 0, 490, 980].map((offset) => rect(x + offset - 20, 200, 20, 150, "#5a6b7c")).join("") +
        (isMoving
          ? times(9, (i) =>
              rect(wrap(i / 9 + u * 3) * 1200 - 160, 210 + ((i * 53) % 140), 150, 2, "#ffffff", 1, { opacity: 0.25 }),
            ).join("")
          : "") +
        rect(0, 366, 960, 180, down("#b9c3ca", "#7c8a96", "#4b5866")) +
        rect(0, 366, 960, 10, "#f2cf4a") +
        times(5, (i) => pool(130 + i * 190, 452, 130, 26, "#ffffff", 0.2)).join("") +
        people
          .map(
            ({ x: at, h, outfit, facing }, i) =>
              ellipse(at, 496, h * 0.2, 7, "#27313b", { opacity: 0.4 }) +
              group(walker(0, 0, h, outfit, 0.28, facing), {
                transform: `${move(at, 494)} ${turn(0.8 * swing(u, 1, i / 6))}`,
              }),
          )
          .join("")
      );
    },
    front:
      rect(302, 0, 34, 540, across("#54687a", "#8fa3b3", "#42535f")) +
      rect(802, 0, 34, 540, across("#54687a", "#8fa3b3", "#42535f")) +
      rect(0, 0, 960, 44, down("#0d141c", "#1b2733")),
  };
}

/** Bursts over a lake, each with its reflection. */
export function fireworks(): Scene {
  const random = createRandom(12);
  const town = towers(random, { from: -20, to: 560, bottom: 640, low: 30, high: 130, fill: "#150f2b" });
  const twinkle = stars(tall, 30, 480, 4);
  const bursts = [
    { x: 270, y: 220, r: 190, at: 0, colours: ["#ffcf5c", "#ff7a4a"] },
    { x: 130, y: 330, r: 130, at: 0.22, colours: ["#6ee7ff", "#5c8aff"] },
    { x: 412, y: 300, r: 150, at: 0.4, colours: ["#ff6fb5", "#ffd0ea"] },
    { x: 220, y: 150, r: 120, at: 0.58, colours: ["#a8ff7a", "#f2ffb0"] },
    { x: 360, y: 180, r: 165, at: 0.76, colours: ["#c79aff", "#ff9a7a"] },
    { x: 110, y: 180, r: 110, at: 0.88, colours: ["#ffe98a", "#ffffff"] },
    { x: 440, y: 420, r: 90, at: 0.12, colours: ["#7affd0", "#d0fff0"] },
    { x: 180, y: 440, r: 80, at: 0.5, colours: ["#ff8a6a", "#ffd8a0"] },
    { x: 300, y: 330, r: 120, at: 0.66, colours: ["#ffb84a", "#fff0c0"] },
  ] as const;
  const burst = ({ x, y, r, at, colours }: (typeof bursts)[number], u: number): string => {
    const t = wrap(u - at) / 0.5;
    if (t > 1) return "";
    if (t < 0.2) {
      const height = y + (640 - y) * (1 - ease(t / 0.2));
      return (
        stroke(path`M${x} ${height + 46}L${x} ${height}`, "#ffe9b0", 2.4, { opacity: 0.8 }) +
        glow(x, height, 14, "#ffe9b0")
      );
    }
    const age = (t - 0.2) / 0.8;
    const spread = r * (1 - (1 - age) ** 3);
    const light = Math.min(1, 1.5 * (1 - age));
    const sparks = [1, 0.66, 0.34].flatMap((ring, k) =>
      times(26 - k * 7, (i) => {
        const angle = (2 * Math.PI * (i + k * 0.4)) / (26 - k * 7);
        const [dx, dy] = [Math.cos(angle) * spread * ring, Math.sin(angle) * spread * ring + 70 * age * age];
        const colour = colours[k % 2] ?? colours[0];
        return (
          stroke(path`M${x + dx * 0.8} ${y + dy * 0.8 - 4 * age}L${x + dx} ${y + dy}`, colour, 3.8 * light + 0.6, {
            opacity: light,
          }) + circle(x + dx, y + dy, 3 * light + 0.5, "#ffffff", { opacity: light })
        );
      }),
    );
    return glow(x, y, r * 1.5, colours[0], 0.5 * light) + sparks.join("");
  };
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#070a1f", "#131338", "#2b1d55", "#4a2a66", "#160f30", "#070818") +
      glow(270, 640, 330, "#8a4a8a", 0.5) +
      town.walls +
      town.windows
        .filter(() => random() < 0.35)
        .map(({ x, y }) => rect(x, y, 4, 5, "#ffcf7d", 1, { opacity: 0.75 }))
        .join("") +
      rect(0, 640, 540, 320, down("#241a48", "#0d0b24", "#05060f")),
    middle: (u) => {
      const sky = bursts.map((firework) => burst(firework, u)).join("");
      return (
        twinkle(u) +
        sky +
        group(sky, { transform: "translate(0 1280) scale(1 -1)", opacity: 0.4 }) +
        times(22, (i) =>
          rect(((i * 97) % 540) - 40 + 8 * swing(u, 2, i / 5), 656 + i * 12, 60 + (i % 5) * 22, 2.4, "#0a0a20", 1, {
            opacity: 0.55,
          }),
        ).join("") +
        shape(waterBand(930, 5, 180, u, 960, 540), "#04050d", { opacity: 0.5 })
      );
    },
    front:
      // Two people on a jetty.
      rect(0, 872, 250, 14, "#03040b") +
      rect(40, 880, 10, 90, "#03040b") +
      rect(200, 880, 10, 90, "#03040b") +
      [118, 158]
        .map(
          (x, i) =>
            circle(x, 806 - i * 7, 15, "#03040b") +
            shape(
              path`M${x - 22} 874Q${x - 25} ${826 - i * 7} ${x} ${822 - i * 7}Q${x + 25} ${826 - i * 7} ${x + 22} 874Z`,
              "#03040b",
            ),
        )
        .join(""),
  };
}
