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
import { falling, lantern, stars, steam } from "../pieces.ts";
import { between, oneOf, createRandom, times } from "../random.ts";
import { bell, clamp, ease, type Scene, sky, swing, tall, wide, wrap } from "../scene.ts";

/** Two hands raise a pot on a wheel. */
export function potter(): Scene {
  const random = createRandom(5);
  const pot = (x: number, y: number, s: number, fill: string) =>
    shape(
      path`M${x - s * 0.3} ${y}Q${x - s * 0.62} ${y - s * 0.5} ${x - s * 0.2} ${y - s * 0.9}L${x - s * 0.26} ${y - s}H${x + s * 0.26}L${x + s * 0.2} ${y - s * 0.9}Q${x + s * 0.62} ${y - s * 0.5} ${x + s * 0.3} ${y}Z`,
      fill,
    );
  const shelf = (y: number) =>
    rect(0, y, 540, 12, down("#8a5a3c", "#5f3a28")) +
    times(5, (i) =>
      pot(
        58 + i * 106 + between(random, -10, 10),
        y,
        between(random, 52, 86),
        across(
          ...oneOf(random, [
            ["#d98e63", "#9a5238"],
            ["#e8d2ae", "#b08a62"],
            ["#7fa3a0", "#46686c"],
            ["#c7a27c", "#86593f"],
          ]),
        ),
      ),
    ).join("");
  const motes = falling(tall, 40, 3, [1], (x, y, depth) =>
    circle(x, y, 0.8 + depth * 1.6, "#ffe9c0", { opacity: 0.2 + 0.4 * depth }),
  );
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#4a3028", "#7a4e38", "#a56c48", "#5a3628") +
      shape("M0 60L330 420L540 900V960H0Z", beam("#ffe0a0"), { opacity: 0.3 }) +
      shelf(220) +
      shelf(390) +
      rect(0, 402, 540, 60, beam("#2a1812"), 0, { opacity: 0.6 }) +
      glow(60, 60, 420, "#ffdf9e", 0.75),
    middle: (u) => {
      // The clay rises and sinks back, so that a loop has no seam.
      const up = ease(0.5 - 0.5 * Math.cos(2 * Math.PI * u));
      const h = 190 + 90 * up;
      const belly = 118 - 14 * up;
      const neck = 92 - 36 * up;
      const top = 736 - h;
      const wobble = 2 * swing(u, 12);
      const clay = path`M${270 - 84} 736C${270 - belly - 34 + wobble} ${700} ${270 - belly - 10} ${top + h * 0.4} ${270 - neck} ${top + 18}Q${270 - neck - 8} ${top + 4} ${270 - neck - 2} ${top}H${270 + neck + 2}Q${270 + neck + 8} ${top + 4} ${270 + neck} ${top + 18}C${270 + belly + 10} ${top + h * 0.4} ${270 + belly + 34 + wobble} 700 ${270 + 84} 736Z`;
      const grooves = times(9, (i) => {
        const t = (i + wrap(u * 6)) / 9;
        const y = top + 22 + t * (h - 34);
        const w = neck + (belly + 4 - neck) * Math.sin(Math.min(1, t * 1.25) * Math.PI * 0.62);
        return stroke(path`M${270 - w} ${y}Q270 ${y + 15} ${270 + w} ${y}`, i % 2 === 0 ? "#6d3420" : "#f4b58e", 2, {
          opacity: 0.22,
        });
      }).join("");
      const hand = (side: number): string => {
        const x = 270 + side * (belly * 0.96 + 4);
        const y = top + h * (0.44 - 0.1 * up);
        const fingers = times(4, (i) =>
          stroke(
            path`M${x + side * 44} ${y + 6 + i * 19}Q${x + side * 8} ${y - 8 + i * 20} ${x - side * 17} ${y + 4 + i * 19}`,
            i % 2 === 0 ? "#e2a680" : "#d99a74",
            20,
          ),
        ).join("");
        return (
          stroke(
            path`M${x + side * 190} ${y + 190}Q${x + side * 120} ${y + 110} ${x + side * 52} ${y + 42}`,
            "#d99a74",
            62,
          ) +
          stroke(path`M${x + side * 210} ${y + 212}L${x + side * 130} ${y + 126}`, "#3f5d73", 84) +
          ellipse(x + side * 50, y + 34, 34, 44, "#e2a680") +
          fingers +
          stroke(path`M${x + side * 40} ${y - 4}Q${x + side * 22} ${y - 40} ${x - side * 2} ${y - 42}`, "#e8b08c", 19) +
          ellipse(x + side * 6, y + 44, 22, 10, "#9a5a3c", { opacity: 0.35 })
        );
      };
      return (
        motes(u) +
        rect(0, 800, 540, 160, down("#5d3b2c", "#2e1b15")) +
        ellipse(270, 800, 236, 46, "#2b1a14") +
        ellipse(270, 788, 230, 44, across("#6d6a68", "#c9c2b8", "#5f5b5a")) +
        times(3, (i) => {
          const angle = 2 * Math.PI * (u * 6 + i / 3);
          return stroke(path`M270 788L${270 + 210 * Math.cos(angle)} ${788 + 38 * Math.sin(angle)}`, "#ffffff", 7, {
            opacity: 0.16,
          });
        }).join("") +
        ellipse(270, 758, 116, 24, "#8f4a2e") +
        shape(clay, across("#8a4529", "#d98557", "#f0b088", "#c26a42", "#7a3a24")) +
        grooves +
        ellipse(270, top + 3, neck + 3, 13, "#5c2a1a") +
        ellipse(270, top + 1, neck + 3, 12, "none", { stroke: "#f0b088", width: 4 }) +
        hand(-1) +
        hand(1)
      );
    },
    front: glow(0, 0, 520, "#ffdf9e", 0.24),
  };
}

/** Noodles are lifted out of a steaming bowl. */
export function noodles(): Scene {
  const curls = [
    steam(180, 610, 360, 2, "#fff4e0"),
    steam(300, 600, 420, 7, "#fff4e0"),
    steam(390, 612, 340, 11, "#fff4e0"),
  ];
  return {
    size: tall,
    loopSeconds: 5,
    back:
      sky(tall, "#2a0f1c", "#5a1c2a", "#9a3a30", "#5a2222") +
      times(
        6,
        (i) =>
          rect(i * 92 - 10, 0, 84, 250, down("#8f2233", "#b23340"), 4) +
          circle(i * 92 + 32, 150, 24, "#f2d9b0", { opacity: 0.9 }) +
          circle(i * 92 + 32, 150, 13, "#b23340"),
      ).join("") +
      rect(0, 0, 540, 24, "#2a1016") +
      rect(0, 430, 540, 14, "#5a2a20") +
      times(
        8,
        (i) =>
          rect(
            24 + i * 66,
            370 - (i % 3) * 10,
            34,
            60 + (i % 3) * 10,
            across(...(i % 2 === 0 ? ["#5f8f88", "#31565a"] : ["#d9a05b", "#8a5a34"])),
            6,
          ) + rect(33 + i * 66, 358 - (i % 3) * 10, 16, 16, "#2a1a1a", 3),
      ).join("") +
      glow(270, 330, 420, "#ffb45c", 0.5),
    middle: (u) => {
      const lift = ease(0.5 - 0.5 * Math.cos(2 * Math.PI * u));
      const top = 560 - 150 * lift;
      const strands = times(15, (i) => {
        const x = 232 + i * 7;
        const bend = 9 * swing(u, 2, i / 15);
        return stroke(
          path`M${x} ${top}C${x + bend} ${top + 70} ${x - bend} ${640} ${x + (i - 7) * 5} 676`,
          i % 3 === 0 ? "#fff0c0" : i % 3 === 1 ? "#ffdf94" : "#f0c068",
          6,
        );
      }).join("");
      return (
        lantern(80, 0, 52, "#e83f35", "#ffb05c", 4 * swing(u)) +
        lantern(466, 0, 44, "#e83f35", "#ffb05c", 4 * swing(u, 1, 0.3)) +
        rect(0, 800, 540, 160, down("#a8663c", "#5f3322")) +
        ellipse(270, 862, 210, 24, "#33180f", { opacity: 0.6 }) +
        ellipse(270, 664, 218, 58, "#f7efe2") +
        ellipse(270, 668, 200, 48, "#7a2f1c") +
        ellipse(270, 670, 196, 45, down("#e0843c", "#c4602a")) +
        // Noodles at rest, an egg, greens and a slice with a spiral.
        times(12, (i) =>
          stroke(
            path`M${110 + i * 24} ${664 + (i % 3) * 8}q${30} ${18 - (i % 4) * 9} ${64} ${2}`,
            i % 2 === 0 ? "#ffdf94" : "#f0c878",
            6,
          ),
        ).join("") +
        strands +
        ellipse(150, 672, 44, 25, "#fffaf0") +
        ellipse(150, 671, 24, 14, "#ffab2e") +
        ellipse(145, 668, 8, 4, "#ffd98a") +
        ellipse(394, 662, 40, 22, "#fff6f6") +
        stroke("M394 662q10 -9 16 1q2 12 -16 12q-24 -2 -20 -16q8 -14 28 -11", "#f0688a", 4) +
        times(9, (i) =>
          ellipse(312 + i * 9, 690 + (i % 3) * 5, 7, 4, i % 2 === 0 ? "#5fae4f" : "#8fd06a", {
            transform: turn(i * 40, 312 + i * 9, 690),
          }),
        ).join("") +
        shape(
          "M52 672Q62 836 190 856H350Q478 836 488 672Q478 722 270 728Q62 722 52 672Z",
          across("#b52a35", "#e8483f", "#c7303a", "#8a1f2e"),
        ) +
        stroke("M66 726Q270 784 474 726", "#ffe2b0", 5) +
        times(9, (i) =>
          stroke(
            path`M${104 + i * 41} ${762 + 10 * Math.sin(((i + 0.5) / 9) * Math.PI)}q8 -14 18 0q-2 10 -10 6`,
            "#ffe2b0",
            3,
          ),
        ).join("") +
        rect(190, 850, 160, 20, "#8a1f2e", 6) +
        // Chopsticks.
        stroke(path`M226 ${top + 12}L560 ${top - 190}`, "#3a1a14", 11) +
        stroke(path`M226 ${top - 8}L560 ${top - 236}`, "#5a2a1c", 11) +
        curls.map((draw) => draw(u)).join("")
      );
    },
  };
}

/** A cat on a window sill watches leaves fall. */
export function catOnSill(): Scene {
  const leaves = falling(tall, 26, 8, [1, 1, 2], (x, y, depth, turned) =>
    group(shape("M0 -8Q9 -4 0 9Q-9 -4 0 -8Z", depth < 0.35 ? "#e8633a" : depth < 0.7 ? "#f2a03d" : "#c94040"), {
      transform: `${move(x, y)} ${turn(turned)} scale(${(0.7 + depth * 0.9).toFixed(2)})`,
    }),
  );
  const random = createRandom(15);
  const crowns = times(26, () => ({
    x: between(random, 60, 500),
    y: between(random, 180, 430),
    r: between(random, 34, 74),
    fill: oneOf(random, ["#e07a3f", "#f0a04a", "#cf5a3a", "#f4be5e"]),
  }));
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#8fb8d8", "#c9d8d8", "#f6dcb8", "#f4c48e") +
      glow(400, 230, 260, "#fff0c8", 0.9) +
      rect(0, 560, 540, 140, down("#d9a05c", "#b5713f")) +
      rect(246, 380, 26, 240, across("#6b4433", "#4a2d24")) +
      rect(402, 420, 16, 190, across("#6b4433", "#4a2d24")) +
      crowns.map(({ x, y, r, fill }) => circle(x, y, r, fill, { opacity: 0.92 })).join(""),
    middle: (u) => {
      const tail = 26 * swing(u, 2);
      const ear = 5 * Math.max(0, swing(u, 3)) ** 6;
      const blink = bell((wrap(u) - 0.62) / 0.06);
      const head = 5 * swing(u, 1, 0.1);
      return (
        leaves(u) +
        // The frame of the window.
        rect(0, 0, 540, 40, "#f4ead8") +
        rect(0, 0, 44, 800, across("#fff8ea", "#d9c7a8")) +
        rect(496, 0, 44, 800, across("#d9c7a8", "#fff8ea")) +
        rect(258, 0, 22, 800, across("#fff8ea", "#e0cfb2")) +
        rect(0, 352, 540, 20, down("#fff8ea", "#d9c7a8")) +
        rect(0, 770, 540, 36, down("#fffaf0", "#e0cdb0")) +
        rect(0, 806, 540, 160, down("#8c6a5a", "#5a4038")) +
        // A plant in a pot.
        shape("M392 690H474L462 772H404Z", across("#d9744f", "#a84c38")) +
        rect(386, 682, 94, 18, "#c8613f", 4) +
        times(7, (i) => {
          const lean = (i - 3) * 15 + 2 * swing(u, 1, i / 7);
          return (
            stroke(path`M433 684Q${433 + lean * 0.5} 640 ${433 + lean} ${598 + Math.abs(i - 3) * 14}`, "#4f8a55", 4) +
            ellipse(433 + lean, 592 + Math.abs(i - 3) * 14, 13, 19, i % 2 === 0 ? "#5fa364" : "#7cbb72", {
              transform: turn((i - 3) * 15, 433 + lean, 592),
            })
          );
        }).join("") +
        // The cat, from behind, half turned.
        stroke(
          path`M250 752C330 760 352 ${820 + tail} 318 ${872 + tail}Q306 ${890 + tail * 0.6} 290 ${876 + tail}`,
          "#2c2733",
          25,
        ) +
        shape("M112 774C98 690 128 590 186 576C252 588 286 690 270 774Z", across("#2c2733", "#453c4c", "#2a2530")) +
        shape("M150 774Q150 716 170 690Q186 720 186 774Z", "#221d28") +
        group(
          shape(path`M134 ${542}L${128 - ear} ${466 - ear}L176 ${504}Z`, "#2c2733") +
            shape("M200 504L246 466L240 544Z", "#2c2733") +
            shape("M208 508L238 482L234 530Z", "#7a4a52") +
            ellipse(186, 548, 60, 52, across("#332d3a", "#463d4d")) +
            ellipse(222, 552, 8, 10 * (1 - blink), "#f4c84a") +
            ellipse(224, 552, 3, 8 * (1 - blink), "#1a1420") +
            ellipse(243, 570, 6, 4, "#c98089") +
            stroke("M236 580q24 -4 46 4M236 584q22 4 42 14", "#f0e6e0", 1.4, { opacity: 0.6 }),
          { transform: turn(head, 186, 590) },
        ) +
        ellipse(150, 772, 34, 12, "#332d3a") +
        ellipse(226, 772, 34, 12, "#332d3a") +
        stroke("M148 586Q186 606 226 586", "#d9483f", 10) +
        circle(190, 600, 8, "#f4c84a")
      );
    },
    front:
      shape("M0 0H150Q118 330 34 640L0 700Z", across("#b5526a", "#d97a86"), { opacity: 0.92 }) +
      shape("M540 0H404Q436 330 512 640L540 700Z", across("#d97a86", "#b5526a"), { opacity: 0.92 }) +
      times(4, (i) =>
        stroke(
          path`M${20 + i * 34} 0Q${14 + i * 24} 330 ${6 + i * 8} 640M${520 - i * 34} 0Q${526 - i * 24} 330 ${534 - i * 8} 640`,
          "#8f3a55",
          3,
          { opacity: 0.4 },
        ),
      ).join(""),
  };
}

/** Tea is poured into a bowl. */
export function tea(): Scene {
  const curl = steam(214, 700, 300, 6, "#fffaf0");
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#dfe8d4", "#c4d6b8", "#a9c3a0", "#e4dcc0") +
      circle(390, 240, 120, "#fdf6df", { opacity: 0.9 }) +
      glow(390, 240, 240, "#fff8e0", 0.8) +
      times(7, (i) => {
        const x = 20 + i * 84 + (i % 3) * 14;
        return group(
          rect(x, 0, 15 + (i % 3) * 5, 640, across("#8fae7c", "#6d9160", "#547a4e")) +
            times(7, (k) => rect(x - 2, 60 + k * 92 + (i % 2) * 40, 19 + (i % 3) * 5, 5, "#4a6b45", 2)).join(""),
          { opacity: 0.3 + (i % 3) * 0.22 },
        );
      }).join("") +
      rect(0, 640, 540, 20, beam("#fdf6df"), 0, { opacity: 0.6 }) +
      rect(0, 660, 540, 300, down("#b08158", "#7c5238", "#4f3122")) +
      times(5, (i) =>
        stroke(path`M0 ${690 + i * 56}Q270 ${698 + i * 52} 540 ${686 + i * 58}`, "#5f3c28", 2, { opacity: 0.5 }),
      ).join(""),
    middle: (u) => {
      const pour = clamp(3.2 * bell((u - 0.12) / 0.66));
      const tilt = -24 * ease(clamp(2.2 * bell((u - 0.04) / 0.84)));
      const level = 0.5 - 0.5 * Math.cos(2 * Math.PI * u);
      const leaf = (i: number) => {
        const s = swing(u, 1, i / 5);
        return group(
          times(5, (k) =>
            shape(
              path`M${k * 16} ${k * 22}q26 ${-6 + 4 * s} 52 ${14 + 6 * s}q-30 6 -52 -14Z`,
              k % 2 === 0 ? "#5f8a54" : "#7aa368",
            ),
          ).join(""),
          { transform: `${move(i * 130 - 40, -18 + (i % 2) * 30)} ${turn(4 * s)}` },
        );
      };
      const [sx, sy] = [268, 428];
      return (
        times(5, (i) => leaf(i)).join("") +
        ellipse(214, 850, 150, 20, "#3a2318", { opacity: 0.5 }) +
        ellipse(440, 806, 90, 12, "#3a2318", { opacity: 0.35 }) +
        // A second cup and a small dish.
        shape("M372 742Q378 806 416 808H462Q500 806 506 742Z", across("#7fa39c", "#a9c7bd", "#5c827c")) +
        ellipse(439, 742, 67, 14, "#e4efe4") +
        ellipse(439, 743, 58, 10, "#b58a3c") +
        // The stream.
        (pour > 0
          ? stroke(path`M${sx} ${sy}Q${sx - 40} ${sy + 60} ${226 + swing(u, 12)} 742`, "#d9a441", 9 * pour, {
              opacity: 0.9,
            }) +
            stroke(path`M${sx - 2} ${sy}Q${sx - 42} ${sy + 60} ${224 + swing(u, 12)} 740`, "#fff0b8", 2.6 * pour, {
              opacity: 0.8,
            })
          : "") +
        // The bowl.
        ellipse(214, 740, 122, 26, "#f7f3e6") +
        ellipse(214, 744, 110, 20, "#d9ccb0") +
        ellipse(214, 752 - 9 * level, 84 + 22 * level, 13 + 5 * level, down("#c98f2e", "#e0b050")) +
        times(2, (i) => {
          const t = wrap(u * 6 + i / 2);
          return ellipse(222, 752 - 9 * level, 60 * t, 9 * t, "none", {
            stroke: "#fff0c0",
            width: 2,
            opacity: pour * (1 - t),
          });
        }).join("") +
        shape(
          "M92 742Q100 838 176 852H252Q328 838 336 742Q320 764 214 766Q108 764 92 742Z",
          across("#8fb0b0", "#dfe8e0", "#b9ccc6", "#6f9494"),
        ) +
        stroke("M112 794Q214 832 316 794", "#4f7f8c", 5, { opacity: 0.8 }) +
        times(6, (i) =>
          stroke(path`M${138 + i * 28} ${816 + 8 * Math.sin((i / 5) * Math.PI)}q8 -12 16 0`, "#4f7f8c", 3, {
            opacity: 0.7,
          }),
        ).join("") +
        // The pot with the hand that holds it.
        group(
          stroke("M438 350Q520 330 516 400Q512 456 438 440", "#6d4030", 17) +
            shape(
              "M312 400Q280 392 262 356Q258 344 250 344L262 336Q284 342 296 360Q306 372 322 372Z",
              across("#8a543c", "#6d4030"),
            ) +
            shape(
              "M306 400Q308 326 378 322Q450 326 452 400Q448 462 412 470H346Q310 462 306 400Z",
              across("#6d4030", "#b5765a", "#8a543c", "#5a3324"),
            ) +
            ellipse(378, 326, 50, 13, "#6d4030") +
            ellipse(378, 322, 46, 11, "#a86d54") +
            circle(378, 304, 11, "#8a543c") +
            stroke("M326 408Q378 426 432 408", "#d9a07c", 3, { opacity: 0.6 }) +
            stroke("M620 300Q560 330 516 372", "#e0ac88", 58) +
            stroke("M680 250L586 312", "#5c7a86", 84) +
            times(4, (i) =>
              stroke(
                path`M524 ${352 + i * 19}Q496 ${350 + i * 20} 490 ${364 + i * 18}`,
                i % 2 === 0 ? "#e8b894" : "#dba67f",
                18,
              ),
            ).join(""),
          { transform: turn(tilt, 378, 400) + " " + move(0, -10 + 20 * 0) },
        ) +
        curl(u)
      );
    },
  };
}

/** Shelves of books by lamplight, where a reader turns pages. */
export function library(): Scene {
  const random = createRandom(19);
  const books = (y: number, h: number): string => {
    let row = "";
    for (let x = 14; x < 520; ) {
      const w = between(random, 10, 26);
      const tallness = h * between(random, 0.66, 0.94);
      const fill = oneOf(random, [
        "#8c3b3b",
        "#2f5d62",
        "#c98f4a",
        "#4a5a8c",
        "#6b4a6e",
        "#3f6b4f",
        "#d9c29a",
        "#a8583a",
      ]);
      const lean = random() < 0.08 ? 9 : 0;
      row += group(
        rect(x, y - tallness, w, tallness, fill, 2) +
          rect(x, y - tallness * 0.86, w, 3, "#f2d9a0", 0, { opacity: 0.55 }) +
          rect(x + w - 3, y - tallness, 3, tallness, "#1a0f12", 0, { opacity: 0.3 }),
        { transform: turn(lean, x, y) },
      );
      x += w + (lean > 0 ? 16 : random() < 0.1 ? 22 : 1.5);
    }
    return row + rect(0, y, 540, 14, down("#7a4e32", "#4a2d20"));
  };
  const motes = falling(tall, 46, 13, [-1], (x, y, depth) =>
    circle(x, y, 0.7 + depth * 1.7, "#ffe6b0", { opacity: 0.15 + 0.4 * depth }),
  );
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#2a1a18", "#4a2f24", "#33201c") +
      [118, 236, 354, 472, 590, 708].map((y) => books(y, 100)).join("") +
      rect(0, 0, 14, 760, "#4a2d20") +
      rect(526, 0, 14, 760, "#4a2d20") +
      rect(0, 0, 540, 760, down("#120a14", "#2a1a18", "#3a241c"), 0, { opacity: 0.45 }) +
      // A ladder.
      stroke("M430 760L392 40M486 760L448 40", "#a8744a", 8) +
      times(9, (i) => stroke(path`M${427 - i * 4} ${712 - i * 76}h56`, "#a8744a", 6)).join("") +
      rect(0, 756, 540, 204, down("#5a3626", "#2a1814")) +
      ellipse(270, 868, 260, 56, "#8a3a3f") +
      ellipse(270, 868, 232, 47, "none", { stroke: "#d9a05c", width: 4 }) +
      glow(150, 520, 400, "#ffc46a", 0.55),
    middle: (u) => {
      const flicker = 0.9 + 0.05 * swing(u, 3) + 0.03 * swing(u, 7, 0.3);
      const page = ease(clamp((wrap(u) - 0.35) / 0.3));
      const turned = Math.cos(Math.PI * page);
      return (
        motes(u) +
        glow(128, 566, 300 * flicker, "#ffcf7a", 0.65) +
        // A standing lamp.
        rect(124, 600, 8, 256, "#3a2a22") +
        ellipse(128, 858, 42, 9, "#2a1c18") +
        shape("M84 604L104 530H152L172 604Z", down("#ffe9a8", "#ffb85c")) +
        shape("M84 604L104 530H152L172 604Z", "#fff4d0", { opacity: 0.25 * flicker }) +
        // An armchair and a reader.
        shape("M214 700Q212 618 290 612Q372 606 392 660L404 850H228Z", across("#3f6b62", "#54857a", "#2c4f49")) +
        circle(292, 648, 31, "#e0ac88") +
        shape("M262 652Q256 606 296 608Q332 610 322 646Q296 630 262 652Z", "#3a2220") +
        shape("M252 842Q240 700 292 688Q352 692 356 842Z", across("#d98a4a", "#b5643a")) +
        stroke("M268 720Q232 762 262 792M340 724Q356 770 312 794", "#c9773f", 21) +
        shape("M270 806Q360 790 400 832L404 896H372L366 852Q320 842 262 856Z", "#33415c") +
        shape("M190 780Q206 758 228 780V868H190Z", across("#3f6b62", "#2c4f49")) +
        shape("M384 776Q402 756 420 780V868H384Z", across("#3f6b62", "#2c4f49")) +
        // The book.
        shape("M228 776L286 790L344 776V808L286 824L228 808Z", "#f7ecd2") +
        stroke("M286 790V824", "#b59a6a", 2) +
        shape(
          path`M286 790L${286 + 56 * turned} ${776 - 26 * bell(page)}V${806 - 26 * bell(page)}L286 822Z`,
          "#fffaf0",
        ) +
        circle(250, 800, 9, "#e0ac88") +
        circle(324, 800, 9, "#e0ac88") +
        // A sleeping dog.
        ellipse(450, 880, 58, 26 + 1.6 * swing(u, 2), "#c9935c") +
        circle(402, 880, 22, "#c9935c") +
        shape("M392 866Q378 872 384 894Q398 890 400 872Z", "#8a5a38") +
        circle(386, 886, 4, "#2a1a16") +
        stroke("M506 880q18 2 14 -14", "#c9935c", 9)
      );
    },
  };
}

/** A bow moves over the strings of a violin. */
export function violin(): Scene {
  const twinkle = stars(tall, 50, 960, 51);
  const body =
    "M0 -170C-74 -170 -98 -116 -82 -74C-76 -54 -52 -40 -54 -8C-56 20 -96 34 -108 92C-122 160 -66 206 0 206C66 206 122 160 108 92C96 34 56 20 54 -8C52 -40 76 -54 82 -74C98 -116 74 -170 0 -170Z";
  return {
    size: tall,
    loopSeconds: 6,
    back:
      sky(tall, "#170b1c", "#331327", "#5c1d2f", "#2a0f20") +
      glow(300, 420, 460, "#e0703f", 0.5) +
      times(3, (i) =>
        shape(
          path`M${-40 + i * 60} 0C${120 + i * 40} 240 ${-20 + i * 70} 520 ${120 + i * 50} 960H${40 + i * 50}C${-80 + i * 60} 560 ${40 + i * 40} 260 ${-120 + i * 60} 0Z`,
          "#8f2a3c",
          { opacity: 0.2 },
        ),
      ).join("") +
      glow(420, 90, 320, "#ffd08a", 0.5),
    middle: (u) => {
      const stretch = 120 * swing(u);
      const ribbon = (k: number, colour: string, w: number) => {
        const points = times(31, (i) => {
          const t = i / 30;
          return (
            path`${i === 0 ? 0 : 0}`.slice(1) +
            `${i === 0 ? "M" : "L"}${(t * 660 - 60).toFixed(1)} ${(300 + k * 46 - t * 190 + 54 * Math.sin(2 * Math.PI * (t * 1.4 - u + k * 0.12))).toFixed(1)}`
          );
        }).join("");
        return stroke(points, colour, w, { opacity: 0.4 });
      };
      const drawNote = (i: number) => {
        const t = wrap(u + i / 7);
        const x = 560 - t * 640;
        const y = 210 + (i % 4) * 46 + t * 150 + 54 * Math.sin(2 * Math.PI * ((1 - t) * 1.4 - u + 0.2));
        const two = i % 2 === 0;
        const head =
          ellipse(0, 0, 10, 7.5, "#ffd98a", { transform: turn(-20) }) +
          stroke("M9 -2V-40", "#ffd98a", 3.4) +
          (two
            ? ellipse(30, -6, 10, 7.5, "#ffd98a", { transform: turn(-20, 30, -6) }) +
              stroke("M39 -8V-46M9 -40L39 -46", "#ffd98a", 4.4)
            : stroke("M9 -40q16 8 10 24", "#ffd98a", 3.4));
        return group(glow(6, -14, 40, "#ffb85c", 0.6) + head, {
          transform: `${move(x, y)} ${turn(12 * swing(u, 1, i / 5))}`,
          opacity: bell(t),
        });
      };
      const strings = [-9, -3, 3, 9]
        .map((x, i) => stroke(path`M${x} -330Q${x + 2.2 * swing(u, 14, i / 4)} 0 ${x * 1.3} 150`, "#fff0d0", 1.6))
        .join("");
      return (
        twinkle(u) +
        ribbon(0, "#ff9a5c", 3) +
        ribbon(1, "#ffc97a", 2.4) +
        ribbon(2, "#ff7a6a", 3) +
        ribbon(3, "#ffe0a8", 2) +
        times(7, drawNote).join("") +
        group(
          shape(body, "#2a0d10", { transform: move(12, 14), opacity: 0.5 }) +
            shape(body, across("#7a2f16", "#c9692c", "#e89a4c", "#b5551f", "#6d2612")) +
            shape(body, "none", { stroke: "#3d150c", width: 5 }) +
            shape(body, "none", { stroke: "#f4c07a", width: 1.8, transform: "scale(0.93)", opacity: 0.55 }) +
            shape("M-60 -130C-30 -150 20 -150 40 -120C0 -110 -40 -60 -56 -70C-74 -84 -76 -116 -60 -130Z", "#ffe0b0", {
              opacity: 0.22,
            }) +
            [-1, 1]
              .map((side) =>
                stroke(
                  path`M${side * 44} -4q${side * 10} -8 ${side * 5} -18M${side * 44} -4Q${side * 26} 24 ${side * 46} 62q${side * 6} 14 ${-side * 7} 16`,
                  "#200a08",
                  5,
                ),
              )
              .join("") +
            shape("M-15 -330L15 -330L22 40Q0 50 -22 40Z", across("#1a1014", "#3a2a2e", "#140c10")) +
            shape("M-19 196L-28 104Q0 94 28 104L19 196Q0 204 -19 196Z", across("#1a1014", "#3a2a2e", "#140c10")) +
            shape("M-46 62Q0 40 46 62L38 74Q0 58 -38 74Z", "#f0d29a") +
            strings +
            // The scroll and its pegs.
            shape(
              "M-17 -326L-15 -404Q-20 -436 4 -440Q30 -440 28 -416Q24 -400 12 -406L17 -326Z",
              across("#6d2612", "#b5551f", "#5a1f10"),
            ) +
            circle(9, -420, 9, "#4a180c") +
            [-1, 1]
              .map((side) =>
                [0, 1]
                  .map((k) =>
                    stroke(path`M${side * 12} ${-352 - k * 30 - (side > 0 ? 12 : 0)}h${side * 26}`, "#1a1014", 8),
                  )
                  .join(""),
              )
              .join(""),
          { transform: `${move(262, 600)} ${turn(17 + 1.2 * swing(u))}` },
        ) +
        group(
          stroke("M-300 0Q0 -13 300 0", "#5a2416", 8) +
            stroke("M-292 9L286 9", "#fff6e6", 5) +
            rect(262, -6, 38, 22, "#1a1014", 5) +
            stroke("M-300 0L-300 10", "#1a1014", 7) +
            stroke("M300 2Q360 22 420 70", "#e0ac88", 40) +
            times(4, (i) =>
              stroke(
                path`M${286 + i * 15} -8Q${292 + i * 15} 18 ${284 + i * 15} 24`,
                i % 2 === 0 ? "#e8b894" : "#dba67f",
                14,
              ),
            ).join("") +
            stroke("M406 60L520 150", "#1b1420", 64),
          { transform: `${move(250 + stretch, 616 + 0.32 * stretch)} ${turn(17)}` },
        )
      );
    },
  };
}

/** Three musicians in the light of a small stage. */
export function jazzTrio(): Scene {
  const ink = "#120a1a";
  const smoke = [steam(250, 470, 330, 4, "#c98ad0"), steam(640, 480, 330, 9, "#ffb080")];
  return {
    size: wide,
    loopSeconds: 4,
    back:
      sky(wide, "#1a0d2e", "#3a1748", "#6d2450", "#2a1030") +
      times(16, (i) =>
        shape(
          path`M${i * 62 - 10} 0Q${i * 62 + 30} 200 ${i * 62 - 4} 430H${i * 62 + 40}Q${i * 62 + 56} 200 ${i * 62 + 50} 0Z`,
          i % 2 === 0 ? "#7a1f3f" : "#5a1636",
          { opacity: 0.7 },
        ),
      ).join("") +
      rect(0, 424, 960, 120, down("#5f2a34", "#2a121f")) +
      times(8, (i) =>
        stroke(path`M${480 + (i - 3.5) * 90} 424L${480 + (i - 3.5) * 200} 540`, "#1c0c16", 2, { opacity: 0.6 }),
      ).join(""),
    middle: (u) => {
      const beat = bell(wrap(u * 8)) ** 2;
      const sway = swing(u, 2);
      const light = (x: number, to: number, colour: string, phase: number) =>
        shape(
          path`M${x - 12} -10L${x + 12} -10L${to + 130 + 22 * swing(u, 1, phase)} 470L${to - 130 + 22 * swing(u, 1, phase)} 470Z`,
          beam(colour),
          { opacity: 0.5 + 0.12 * swing(u, 2, phase) },
        );
      return (
        light(230, 230, "#ffb45c", 0) +
        light(480, 490, "#ff6fa0", 0.3) +
        light(740, 750, "#6ab8ff", 0.6) +
        smoke.map((puff) => puff(u)).join("") +
        pool(230, 478, 190, 28, "#ffb45c", 0.7) +
        pool(490, 478, 190, 28, "#ff6fa0", 0.6) +
        pool(750, 478, 210, 28, "#6ab8ff", 0.6) +
        // The double bass.
        group(
          shape(
            "M196 262Q176 300 190 336Q168 372 178 430Q196 470 236 470Q276 470 292 430Q302 372 280 336Q294 300 274 262Q236 240 196 262Z",
            across("#5a2a1c", "#b5642f", "#7a3a20"),
          ) +
            rect(228, 96, 14, 350, ink, 4) +
            circle(235, 90, 13, ink) +
            rect(231, 466, 8, 22, ink) +
            stroke("M230 110V440M240 110V440", "#e8c48a", 1, { opacity: 0.6 }),
          { transform: turn(-7 + 1.4 * sway, 236, 486) },
        ) +
        group(
          circle(166, 176, 27, ink) +
            shape("M140 168Q136 146 168 142Q198 146 196 166L206 172H140Z", ink) +
            shape("M116 330Q118 212 166 208Q206 214 204 330Z", ink) +
            stroke("M136 326L126 486M184 326L176 486", ink, 28) +
            stroke(path`M186 232Q226 ${214 - 12 * sway} 234 ${186 + 26 * sway}`, ink, 20) +
            stroke(path`M150 240Q160 320 ${232 + 7 * swing(u, 8)} ${344 + 9 * swing(u, 8, 0.25)}`, ink, 20),
          { transform: turn(2.4 * sway, 160, 480) },
        ) +
        // The saxophone.
        group(
          circle(486, 164, 28, ink) +
            shape("M446 330Q444 204 488 198Q534 206 530 330Z", ink) +
            stroke("M464 326L448 486M512 326L524 486", ink, 29) +
            stroke("M524 226Q560 262 536 296M456 232Q470 276 520 262", ink, 20) +
            stroke("M508 180Q534 184 536 214L540 330Q544 380 574 372Q596 362 590 312", "#f4c04a", 15) +
            shape("M572 320Q590 296 612 296L606 320Q596 330 586 330Z", "#f4c04a") +
            times(5, (i) => circle(538, 232 + i * 22, 4.4, "#fff0b8")).join(""),
          { transform: turn(5 * swing(u, 2, 0.2), 486, 480) },
        ) +
        // The drums.
        group(
          circle(764, 186, 27, ink) +
            shape("M726 350Q724 226 764 218Q806 226 804 350Z", ink) +
            shape("M742 178Q742 152 766 152Q790 154 790 176Q766 166 742 178Z", "#3a1a2e"),
          { transform: turn(2.2 * sway, 764, 400) },
        ) +
        stroke(
          path`M738 246Q700 270 ${690 - 6 * beat} ${292 + 14 * beat}M794 246Q836 250 ${850} ${258 - 20 * (1 - beat)}`,
          ink,
          18,
        ) +
        stroke(
          path`M${690 - 6 * beat} ${292 + 14 * beat}L${654} ${318 + 20 * beat}M850 ${258 - 20 * (1 - beat)}L886 ${262 + 12 * beat - 20}`,
          "#f4d9a0",
          5,
        ) +
        ellipse(766, 430, 78, 66, ink) +
        ellipse(766, 430, 66, 56, across("#c93f4f", "#e86a5c", "#8a2438")) +
        ellipse(766, 430, 46, 38, "#f7e6d0") +
        rect(616, 336, 92, 46, across("#8a2438", "#e86a5c", "#8a2438"), 6) +
        ellipse(662, 336, 46, 11, "#f7e6d0") +
        stroke("M630 382L616 486M694 382L706 486", ink, 5) +
        rect(826, 356, 92, 60, across("#8a2438", "#e86a5c", "#8a2438"), 6) +
        ellipse(872, 356, 46, 11, "#f7e6d0") +
        stroke("M840 416L832 486M904 416L914 486", ink, 5) +
        stroke("M898 300V486M618 250V330", ink, 4) +
        ellipse(898, 284, 56, 7, "#f4c04a", { transform: turn(-8 + 7 * beat, 898, 284) }) +
        ellipse(620, 246, 44, 6, "#f4c04a", { transform: turn(8 - 4 * sway, 620, 246) })
      );
    },
    front: times(
      9,
      (i) => circle(40 + i * 112, 548 - (i % 3) * 6, 34, "#07040c") + ellipse(40 + i * 112, 590, 62, 44, "#07040c"),
    ).join(""),
  };
}
