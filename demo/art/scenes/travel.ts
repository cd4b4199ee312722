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
import { bird, falling, hills, mountains, outfits, pines, snowfall, stars, waterBand } from "../pieces.ts";
import { between, oneOf, createRandom, times } from "../random.ts";
import { bell, type Scene, sky, swing, tall, wide, wrap } from "../scene.ts";

/** A lit train that crosses snowy hills at night. */
export function snowTrain(): Scene {
  const peaks = mountains(5, { y: 330, rise: 210, period: 960, bottom: 420, peaks: 6 });
  const hill = hills(9, { y: 350, rise: 40, period: 960, bottom: 540 });
  const near = hills(14, { y: 476, rise: 26, period: 960, bottom: 560 });
  const farPines = pines(2, 26, 960, 384, 52, "#35507a");
  const midPines = pines(3, 18, 960, 424, 92, "#223a60");
  const nearPines = pines(6, 7, 960, 560, 210, "#0d1b33");
  const flakes = snowfall(wide, 64, 17);
  const slide = (content: string, u: number, laps: number) =>
    group(content, { transform: move(-wrap(u * laps) * 960, 0) });
  const carriage = (x: number): string =>
    rect(x, 372, 176, 60, down("#d8504a", "#8f2733"), 8) +
    rect(x, 366, 176, 11, "#f4f7ff", 5) +
    rect(x, 414, 176, 5, "#f2c572") +
    times(5, (i) => rect(x + 12 + i * 33, 383, 23, 24, "#ffdf9a", 4)).join("") +
    times(4, (i) => circle(x + 26 + i * 40, 434, 7, "#1b1a2a")).join("");
  return {
    size: wide,
    loopSeconds: 6,
    back:
      sky(wide, "#0e1a3a", "#20386b", "#4a6aa5", "#9db7d9") +
      circle(760, 92, 36, "#f6f3e2") +
      glow(760, 92, 150, "#dfe9ff", 0.7),
    middle: (u) =>
      slide(shape(peaks.rock, down("#6f8fbf", "#4d6c9f")) + shape(peaks.snow, "#eef4ff", { opacity: 0.9 }), u, 1) +
      slide(farPines, u, 1) +
      slide(shape(hill, down("#c4d6ee", "#8fa9cf")) + midPines, u, 2) +
      rect(0, 438, 960, 5, "#2a2f45") +
      group(
        times(4, (i) => pool(250 + i * 186, 462, 130, 24, "#ffd27a", 0.55) + carriage(164 + i * 186)).join("") +
          // The engine with its lamp.
          shape("M908 374H950Q974 390 974 432H908Z", down("#b23a3f", "#7a2130")) +
          rect(-12, 366, 170, 66, down("#d8504a", "#8f2733"), 8) +
          times(4, (i) => rect(2 + i * 36, 383, 24, 24, "#ffdf9a", 4)).join("") +
          circle(960, 416, 6, "#fff6d0") +
          glow(965, 416, 90, "#fff0b0", 0.9),
        { transform: move(-14, 1.3 * swing(u, 12)) },
      ) +
      slide(shape(near, down("#f2f7ff", "#b7cbe8")), u, 3) +
      slide(nearPines, u, 4) +
      flakes(wrap(u)) +
      group(flakes(wrap(u * 2)), { transform: turn(8, 480, 270), opacity: 0.7 }),
  };
}

/** A lighthouse whose light goes round over a moving sea. */
export function lighthouse(): Scene {
  const twinkle = stars(wide, 34, 300, 2);
  const clouds = [
    [120, 150, 150],
    [480, 96, 190],
    [760, 190, 160],
  ] as const;
  return {
    size: wide,
    loopSeconds: 6,
    back:
      sky(wide, "#141a3f", "#39336f", "#8d5289", "#ea8a7a", "#ffc38a") +
      glow(330, 392, 330, "#ffd59a", 0.8) +
      clouds
        .map(
          ([x, y, w]) =>
            ellipse(x, y, w, 15, "#d98aa0", { opacity: 0.22 }) +
            ellipse(x + 50, y + 12, w * 0.7, 10, "#ffc9a8", { opacity: 0.25 }),
        )
        .join(""),
    middle: (u) => {
      // The beam seen from the side: long where it points aside, short where it points at the viewer.
      const aside = Math.cos(2 * Math.PI * u);
      const towards = Math.sin(2 * Math.PI * u);
      const ray = (direction: number) =>
        shape(
          path`M706 168L${706 + direction * 760} ${110 - 20 * towards}L${706 + direction * 760} ${250 + 26 * towards}Z`,
          direction > 0 ? across("#fff2c0", "#fff2c0") : across("#fff2c0", "#fff2c0"),
          { opacity: 0.26 * Math.abs(aside) },
        );
      return (
        twinkle(u) +
        ray(aside) +
        ray(-aside * 0.6) +
        shape(waterBand(392, 4, 240, u, 540, 960), down("#c56f80", "#4d3a72")) +
        pool(330, 420, 200, 22, "#ffe0a8", 0.6) +
        shape(waterBand(424, 6, 300, -u, 540, 960), down("#6a4580", "#332a5e"), { opacity: 0.92 }) +
        // Rocks and the tower.
        shape("M560 470Q600 380 660 372Q720 352 770 378Q860 400 900 480L960 520V540H540Z", down("#3a2c4a", "#15132a")) +
        shape("M672 376L686 190H726L742 376Z", across("#fff3e6", "#f2d7cf", "#a78aa0")) +
        shape("M677 312L681 258H733L738 312Z", across("#e2533f", "#c23b3a", "#7d2836")) +
        shape("M684 222L686 196H727L729 222Z", across("#e2533f", "#c23b3a", "#7d2836")) +
        rect(676, 186, 60, 8, "#2a2038", 3) +
        rect(686, 152, 40, 36, "#ffe9a8", 4) +
        stroke("M686 152V188M699 152V188M713 152V188M726 152V188", "#2a2038", 2.6) +
        shape("M680 154L706 126L732 154Z", "#a83238") +
        rect(700, 330, 13, 20, "#ffd98a", 5) +
        rect(764, 356, 66, 50, "#d9c3c0", 2) +
        shape("M756 360L797 332L840 360Z", "#6b2f3f") +
        rect(778, 370, 13, 14, "#ffd98a", 2) +
        glow(706, 168, 60 + 90 * Math.max(0, towards), "#fff2c0", 0.65 + 0.35 * Math.max(0, towards)) +
        shape(waterBand(466, 8, 380, u, 540, 960), down("#33295c", "#1a1940")) +
        times(9, (i) =>
          stroke(path`M${570 + i * 42} ${470 + (i % 3) * 5}q18 ${-7 - 4 * swing(u, 1, i / 4)} 36 0`, "#ffe9e0", 3, {
            opacity: 0.4 + 0.3 * swing(u, 1, i / 4),
          }),
        ).join("") +
        shape(waterBand(504, 10, 460, -u, 540, 960), down("#201d48", "#0c0d26")) +
        bird(220 + 30 * swing(u), 210 + 14 * swing(u, 1, 0.25), 13, swing(u, 10), "#2a2048") +
        bird(270 + 34 * swing(u, 1, 0.1), 236 + 10 * swing(u, 1, 0.4), 9, swing(u, 10, 0.4), "#2a2048")
      );
    },
  };
}

const stripes: readonly (readonly [string, string, string])[] = [
  ["#e4572e", "#f3a712", "#fff1d6"],
  ["#2e86ab", "#a7d3e0", "#f6f5ae"],
  ["#a23b72", "#f18f9f", "#ffe5ec"],
  ["#3a7d44", "#9dc08b", "#f8f4c9"],
  ["#f26419", "#86bbd8", "#33658a"],
];
const balloon = (
  x: number,
  y: number,
  size: number,
  colours: readonly [string, string, string],
  flame: number,
): string => {
  const gore = (from: number, to: number, fill: string) =>
    shape(
      path`M0 ${-size * 1.2}C${from * size * 1.25} ${-size * 1.16} ${from * size * 1.2} ${-size * 0.1} ${from * size * 0.2} ${size * 0.42}L${to * size * 0.2} ${size * 0.42}C${to * size * 1.2} ${-size * 0.1} ${to * size * 1.25} ${-size * 1.16} 0 ${-size * 1.2}Z`,
      fill,
    );
  const edges = [-1, -0.66, -0.25, 0.25, 0.66, 1];
  const panels = edges
    .slice(0, -1)
    .map((edge, i) => gore(edge, edges[i + 1] ?? 1, colours[i % 3] ?? colours[0]))
    .join("");
  const body =
    panels +
    gore(0.3, 1, "#3a1430").replace("/>", ' opacity="0.16"/>') +
    glow(0, size * 0.3, size * 0.7, "#ffd27a", 0.25 + 0.5 * flame) +
    stroke(
      path`M${-size * 0.18} ${size * 0.42}L${-size * 0.12} ${size * 0.72}M${size * 0.18} ${size * 0.42}L${size * 0.12} ${size * 0.72}`,
      "#4a2a22",
      1.5,
    ) +
    rect(-size * 0.15, size * 0.7, size * 0.3, size * 0.2, across("#9c6238", "#5f3a22"), 3);
  return group(body, { transform: move(x, y) });
};

/** Balloons over misty hills at sunrise. */
export function balloons(): Scene {
  const layers = [
    { outline: hills(2, { y: 380, rise: 60, period: 960, bottom: 540 }), fill: down("#e9a0a0", "#f2c0a8") },
    { outline: hills(3, { y: 420, rise: 52, period: 960, bottom: 540 }), fill: down("#c07a96", "#e0a09c") },
    { outline: hills(4, { y: 462, rise: 46, period: 960, bottom: 540 }), fill: down("#87578a", "#b0758f") },
    { outline: hills(8, { y: 505, rise: 34, period: 960, bottom: 560 }), fill: down("#4d376b", "#38284f") },
  ];
  const fleet = [
    { x: 720, y: 210, size: 84, c: 0, phase: 0.1 },
    { x: 270, y: 170, size: 64, c: 1, phase: 0.55 },
    { x: 480, y: 300, size: 42, c: 2, phase: 0.3 },
    { x: 120, y: 300, size: 30, c: 3, phase: 0.8 },
    { x: 590, y: 120, size: 24, c: 4, phase: 0.65 },
    { x: 868, y: 330, size: 34, c: 2, phase: 0.45 },
  ];
  return {
    size: wide,
    loopSeconds: 6,
    back:
      sky(wide, "#3d5a98", "#8d7fb8", "#f0a3a0", "#ffc98f", "#ffe9bd") +
      glow(420, 392, 420, "#fff0b8", 1) +
      circle(420, 392, 54, "#fff8dc") +
      [70, 118, 160]
        .map(
          (y, i) =>
            ellipse(700 - i * 240, y, 190, 10, "#ffe0d0", { opacity: 0.35 }) +
            ellipse(640 - i * 240, y + 12, 120, 8, "#ffe0d0", { opacity: 0.28 }),
        )
        .join(""),
    middle: (u) =>
      layers
        .map(
          ({ outline, fill }, i) =>
            group(shape(outline, fill), { transform: move(-6 * (i + 1) * swing(u), 0) }) +
            (i < 3
              ? [0, 1]
                  .map((side) =>
                    pool(240 + side * 470 + 40 * swing(u, 1, i / 3 + side / 2), 430 + i * 40, 330, 26, "#fff0dc", 0.42),
                  )
                  .join("")
              : "") +
            fleet
              .filter((_, place) =>
                i === 0
                  ? [3, 4].includes(place)
                  : i === 1
                    ? [2, 5].includes(place)
                    : i === 2
                      ? [0, 1].includes(place)
                      : false,
              )
              .map(({ x, y, size, c, phase }) =>
                balloon(
                  x + size * 0.28 * swing(u, 1, phase),
                  y + size * 0.16 * swing(u, 1, phase + 0.25),
                  size,
                  stripes[c] ?? ["#e4572e", "#f3a712", "#fff1d6"],
                  Math.max(0, swing(u, 3, phase)) ** 3,
                ),
              )
              .join(""),
        )
        .join("") +
      times(6, (i) =>
        bird(
          430 + i * 22 + 60 * swing(u),
          78 + Math.abs(i - 2.5) * 9 + 6 * swing(u, 1, 0.3),
          7,
          swing(u, 9, i / 6),
          "#5a4a78",
        ),
      ).join(""),
  };
}

/** Northern lights above a lake, and a tent with a lamp. */
export function aurora(): Scene {
  const peaks = mountains(11, { y: 560, rise: 190, period: 700, bottom: 640, peaks: 5 });
  const twinkle = stars(tall, 36, 520, 33);
  const curtain = (u: number, seed: number, y: number, colour: string, height: number): string =>
    times(34, (i) => {
      const t = i / 33;
      const x = t * 620 - 40;
      const top = y + 74 * swing(t * 1.3 + seed, 1, u) + 26 * swing(t * 3 + seed, 1, -u);
      const h = height * (0.62 + 0.38 * swing(t * 2.2 + seed * 2, 1, u * 2));
      return rect(x, top - h * 0.72, 20, h, `url(#down-${colour})`, 7, {
        opacity: 0.32 + 0.16 * swing(t * 4 + seed, 1, u),
      });
    }).join("");
  const lights = (u: number) =>
    curtain(u, 0.1, 300, "0b1b38-1f9e8f-4af2b0-1b4a5a-0b1b38", 330) +
    curtain(u, 0.6, 380, "0c1a3a-2a7fd0-5af0c8-123a50-0c1a3a", 230) +
    curtain(u, 0.35, 220, "0b1533-7a3fb0-c45fd0-2a2a60-0b1533", 210);
  const land =
    shape(peaks.rock, down("#27416b", "#101f3d")) +
    shape(peaks.snow, "#bfe6ea", { opacity: 0.75 }) +
    shape(hills(5, { y: 630, rise: 18, period: 540, bottom: 660 }), "#0a1730") +
    pines(4, 26, 540, 652, 66, "#071226");
  return {
    size: tall,
    loopSeconds: 6,
    back: sky(tall, "#050a1c", "#0b1738", "#0d2b4a", "#10485c", "#0a2038") + stars(tall, 90, 520, 34)(0.2),
    middle: (u) =>
      group(lights(u), { opacity: 0.9 }) +
      glow(270, 330, 340, "#3af0b0", 0.16 + 0.05 * swing(u)) +
      twinkle(u) +
      land +
      rect(0, 652, 540, 310, down("#0f4a58", "#0b2a44", "#050d1e")) +
      group(
        times(24, (i) =>
          rect(
            ((i * 83) % 560) - 40,
            664 + i * 8 + 2 * swing(u, 2, i / 6),
            90 + ((i * 37) % 90),
            3,
            i % 3 === 0 ? "#a06ad0" : "#4af2b0",
            1.5,
            { opacity: (0.3 - i * 0.008) * (0.7 + 0.3 * swing(u, 2, i / 5)) },
          ),
        ).join(""),
        {},
      ) +
      shape(hills(15, { y: 862, rise: 30, period: 540, bottom: 980 }), down("#0b1a2c", "#03070f")) +
      pool(180, 884, 190, 40, "#ffb04a", 0.5 + 0.08 * swing(u, 5)) +
      shape("M96 882L182 776L268 882Z", down("#ffcf6a", "#e8843a")) +
      shape("M182 776L268 882H232Z", "#a8502a", { opacity: 0.7 }) +
      shape("M150 882L180 800L200 882Z", "#fff0b8", { opacity: 0.8 }) +
      // A camper beside the tent looks up.
      circle(322, 822, 12, "#050a14") +
      shape("M304 886Q302 838 322 834Q342 838 342 886Z", "#050a14"),
    front: group(pines(7, 2, 220, 990, 190, "#02050b"), { transform: "translate(370 0)" }),
  };
}

/** Camels walk along dunes below a great sun. */
export function desert(): Scene {
  const camel = (x: number, y: number, s: number, phase: number, u: number, cloth: string): string => {
    const leg = (at: number, offset: number) => {
      const k = swing(u, 5, phase + offset);
      return stroke(
        path`M${at} -44Q${at + k * 4} -24 ${at + k * 10} ${-1 - 3 * Math.max(0, swing(u, 5, phase + offset + 0.25))}`,
        "#3d1c22",
        5,
      );
    };
    const nod = 2 * swing(u, 5, phase);
    const body =
      leg(-22, 0) +
      leg(-15, 0.5) +
      leg(20, 0.25) +
      leg(27, 0.75) +
      shape(
        "M-30 -46Q-34 -62 -20 -66Q-12 -88 -2 -70Q4 -66 8 -71Q18 -90 24 -66Q36 -62 34 -44Q8 -34 -30 -46Z",
        "#4a2228",
      ) +
      shape("M-6 -72Q2 -64 10 -72L14 -48Q2 -42 -8 -48Z", cloth) +
      stroke(path`M30 -54Q46 -50 50 ${-70 + nod}Q52 ${-84 + nod} 58 ${-86 + nod}`, "#4a2228", 9) +
      shape(path`M52 ${-92 + nod}Q66 ${-94 + nod} 74 ${-82 + nod}Q66 ${-77 + nod} 54 ${-80 + nod}Z`, "#4a2228") +
      stroke(path`M-30 -54Q-38 -48 -36 ${-38 + nod}`, "#3d1c22", 3);
    return group(body, { transform: `${move(x, y + 1.4 * swing(u, 10, phase))} ${zoom(s)}` });
  };
  const dunes = [
    hills(6, { y: 360, rise: 54, period: 960, bottom: 540, detail: 3 }),
    hills(10, { y: 412, rise: 40, period: 960, bottom: 540, detail: 2 }),
    hills(13, { y: 480, rise: 46, period: 960, bottom: 560, detail: 2 }),
  ] as const;
  const slide = (content: string, u: number, laps: number) =>
    group(content, { transform: move(-wrap(u * laps) * 960, 0) });
  const dust = falling(wide, 30, 9, [1], (x, y, depth) =>
    circle(x, 330 + y * 0.35, 0.8 + depth * 1.4, "#ffe6b8", { opacity: 0.5 }),
  );
  return {
    size: wide,
    loopSeconds: 6,
    back:
      sky(wide, "#5a2a5e", "#b3416a", "#f0764f", "#ffb35c", "#ffdc94") +
      glow(610, 270, 380, "#fff0b0", 0.9) +
      circle(610, 270, 104, down("#fff8d8", "#ffd27a")),
    middle: (u) =>
      slide(shape(dunes[0], down("#d9704a", "#b04a48")), u, 1) +
      rect(0, 330, 960, 80, beam("#ffc98a"), 0, { opacity: 0.35 }) +
      shape(dunes[1], down("#c9583f", "#87353f")) +
      times(4, (i) =>
        camel(
          300 + i * 122,
          420 - i * 4 + (i % 2) * 3,
          0.92,
          i * 0.19,
          u,
          ["#e8b04a", "#3a8a8a", "#d9485a", "#e8dcc0"][i] ?? "#e8b04a",
        ),
      ).join("") +
      dust(u) +
      slide(shape(dunes[2], down("#7a2f3c", "#43192c")), u, 2) +
      times(3, (i) => bird(200 + i * 34 + 40 * swing(u, 1, 0.2), 110 + i * 12, 9, swing(u, 8, i / 3), "#5a2440")).join(
        "",
      ),
  };
}

/** Great bands of water, and a small sailing boat. */
export function waves(): Scene {
  const bands = [
    { y: 270, rise: 8, length: 300, fill: down("#8fd0d0", "#58a8b8"), by: 1 },
    { y: 308, rise: 12, length: 360, fill: down("#5cb0bc", "#3a8aa8"), by: -1 },
    { y: 356, rise: 17, length: 430, fill: down("#3f93ae", "#286f98"), by: 1 },
    { y: 412, rise: 22, length: 520, fill: down("#2a7299", "#1b5080"), by: -1 },
    { y: 474, rise: 24, length: 640, fill: down("#1d5585", "#123462"), by: 1 },
  ];
  return {
    size: wide,
    loopSeconds: 6,
    back:
      sky(wide, "#f6b38a", "#fbd0a0", "#fde8c4", "#dff0e4") +
      circle(250, 150, 70, "#f2603f") +
      [0, 1, 2]
        .map((i) =>
          [0, 1]
            .map((k) =>
              ellipse(560 + i * 150 - k * 60, 80 + i * 46 + k * 12, 110 - i * 12, 13, "#fffaf0", { opacity: 0.85 }),
            )
            .join(""),
        )
        .join("") +
      shape("M610 290L730 176Q752 160 774 178L900 290Z", down("#7f9fc0", "#a9c6d0")) +
      shape("M700 204L730 176Q752 160 774 178L800 202L778 212L760 198L742 214L722 200Z", "#ffffff"),
    middle: (u) =>
      bands
        .map(({ y, rise, length, fill, by }, i) => {
          const outline = waterBand(y, rise, length, by * u, 540, 960);
          const crest = outline.replace(/^M[^L]*L/, "M").replace(/L[^L]*$/, "");
          const boatY = y + rise * Math.sin(2 * Math.PI * (420 / length + by * u)) - 4;
          const boat =
            i === 2
              ? group(
                  shape("M-46 -8H50L34 18H-32Z", across("#a83f2a", "#6d2420")) +
                    rect(-4, -92, 4, 88, "#5a2a20") +
                    shape("M4 -90Q56 -50 46 -14H4Z", "#fff6e0") +
                    shape("M-8 -84Q-44 -46 -38 -16H-8Z", "#f4d8b0") +
                    shape("M0 -96l20 6l-20 6Z", "#f2603f"),
                  { transform: `${move(420, boatY)} ${turn(7 * swing(u, 1, 0.2))}` },
                )
              : "";
          return (
            boat +
            shape(outline, fill) +
            stroke(crest, "#f4fffb", 3 + i * 0.6, { opacity: 0.75 }) +
            stroke(crest, "#f4fffb", 1.6, { opacity: 0.35, transform: move(0, 13 + i * 4) })
          );
        })
        .join("") +
      times(3, (i) =>
        bird(
          600 + i * 60 + 40 * swing(u, 1, i / 5),
          130 + i * 22 + 8 * swing(u, 1, i / 3),
          13 - i * 2,
          swing(u, 8, i / 3),
          "#33506a",
        ),
      ).join(""),
  };
}

/** A cyclist who rides through fields. */
export function cyclist(): Scene {
  const slide = (content: string, u: number, laps: number) =>
    group(content, { transform: move(-wrap(u * laps) * 960, 0) });
  const random = createRandom(41);
  const field = (seed: number, y: number, rise: number, fill: string) =>
    shape(hills(seed, { y, rise, period: 960, bottom: 560 }), fill);
  const tree = (x: number, y: number, s: number, fill: string) =>
    rect(x - s * 0.07, y - s * 0.5, s * 0.14, s * 0.55, "#7a5340") +
    circle(x, y - s * 0.8, s * 0.42, fill) +
    circle(x - s * 0.25, y - s * 0.6, s * 0.28, fill) +
    circle(x + s * 0.26, y - s * 0.62, s * 0.3, fill);
  const trees = times(9, () => ({
    x: random() * 960,
    s: between(random, 42, 80),
    fill: oneOf(random, ["#6aa36f", "#5a9160", "#e0a24a", "#84b56a"]),
  }));
  const row = [-1, 0, 1].flatMap((lap) => trees.map(({ x, s, fill }) => tree(x + lap * 960, 404, s, fill))).join("");
  const blooms = times(60, () => ({
    x: random() * 960,
    y: between(random, 470, 545),
    r: between(random, 2.5, 5),
    fill: oneOf(random, ["#f25f5c", "#ffe066", "#ffffff", "#c77dff"]),
  }));
  const meadow = [0, 1]
    .flatMap((lap) =>
      blooms.map(
        ({ x, y, r, fill }) =>
          stroke(path`M${x + lap * 960} ${y}v14`, "#3f7d4a", 2) + circle(x + lap * 960, y, r, fill),
      ),
    )
    .join("");
  const wheel = (x: number, u: number) =>
    circle(x, 408, 38, "none", { stroke: "#26323f", width: 5 }) +
    times(6, (i) =>
      stroke(
        path`M${x} 408L${x + 36 * Math.cos((i * Math.PI) / 6 + u)} ${408 + 36 * Math.sin((i * Math.PI) / 6 + u)}M${x} 408L${x - 36 * Math.cos((i * Math.PI) / 6 + u)} ${408 - 36 * Math.sin((i * Math.PI) / 6 + u)}`,
        "#8c9bab",
        1.2,
      ),
    ).join("");
  const [{ skin }] = outfits;
  return {
    size: wide,
    loopSeconds: 6,
    back:
      sky(wide, "#7cc5e8", "#b5e0ee", "#e8f5e4", "#fdf3d2") +
      circle(168, 112, 48, "#fff4c2") +
      glow(168, 112, 170, "#fff4c2", 0.8),
    middle: (u) => {
      const angle = 2 * Math.PI * 6 * u;
      const [px, py] = [436 + 15 * Math.cos(angle), 410 + 15 * Math.sin(angle)];
      const [qx, qy] = [436 - 15 * Math.cos(angle), 410 - 15 * Math.sin(angle)];
      const leg = (x: number, y: number, shade: string) =>
        stroke(path`M408 330Q${468 + (x - 436) * 0.5} ${352 + (y - 410) * 0.5} ${x - 4} ${y}`, shade, 13) +
        stroke(path`M${x - 6} ${y}h14`, "#ffffff", 7);
      return (
        slide(
          [0, 1, 2, 3]
            .map((i) =>
              [0, 40, -44]
                .map((k) =>
                  ellipse(
                    120 + i * 480 + k,
                    96 + (i % 2) * 60 + Math.abs(k) * 0.2,
                    60 - Math.abs(k) * 0.5,
                    20,
                    "#ffffff",
                    { opacity: 0.8 },
                  ),
                )
                .join(""),
            )
            .join(""),
          u,
          1,
        ) +
        slide(field(2, 320, 60, down("#a9cfa8", "#c4dcae")), u, 1) +
        slide(field(5, 372, 34, down("#8fc08a", "#b8d49a")) + row, u, 2) +
        rect(0, 430, 960, 44, down("#e8d6b4", "#cdb28a")) +
        slide(times(24, (i) => rect(i * 80, 451, 40, 3, "#fff6e0", 1.5, { opacity: 0.8 })).join(""), u, 4) +
        ellipse(442, 448, 120, 7, "#7a6248", { opacity: 0.4 }) +
        group(
          wheel(368, angle * 0.8 + 0) +
            wheel(528, angle * 0.8) +
            leg(qx, qy, "#2f4858") +
            stroke(
              "M368 408L436 410L500 340L416 340L368 408M436 410L408 330M500 340L528 408M500 340L494 318",
              "#e4572e",
              6,
            ) +
            stroke("M396 328h28M488 316q20 -2 22 8", "#26323f", 7) +
            circle(436, 410, 9, "#26323f") +
            leg(px, py, "#3a5a6c") +
            shape("M398 334Q396 270 446 256Q470 252 470 268Q452 290 424 338Z", down("#ffd23f", "#f0a020")) +
            stroke("M452 270Q478 300 496 314", "#e8a838", 11) +
            circle(472, 238, 19, skin) +
            shape("M450 238Q448 212 474 212Q498 214 494 232Q470 226 450 238Z", "#d7263d") +
            shape(
              path`M448 262Q${412 + 6 * swing(u, 6)} ${258 + 8 * swing(u, 6)} ${386 + 8 * swing(u, 6, 0.2)} ${268 + 12 * swing(u, 6, 0.2)}Q${414} ${274 + 6 * swing(u, 6)} 450 272Z`,
              "#3ab0a0",
            ),
          { transform: move(0, 1.2 * bell(wrap(u * 12))) },
        ) +
        slide(rect(0, 474, 1920, 80, down("#7fb56a", "#4f8f52")) + meadow, u, 3)
      );
    },
  };
}
