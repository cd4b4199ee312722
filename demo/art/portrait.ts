import { circle, down, drawing, ellipse, glow, path, rect, shape, stroke } from "./svg.ts";
import { oneOf, createRandom } from "./random.ts";

export interface Face {
  /** Skin, hair, clothes and the light behind, from top to bottom. */
  readonly colours: readonly [skin: string, hair: string, clothes: string, from: string, to: string];
  readonly hairstyle: "bun" | "short" | "long" | "curls" | "cap" | "bob";
  readonly hasGlasses?: boolean;
}

/** A face of its own for each seed. */
export function faceOf(seed: number): Face {
  const random = createRandom(seed * 7919);
  return {
    colours: [
      oneOf(random, ["#f0c8a4", "#e8b894", "#dba67f", "#c98f66", "#8d5a3b"]),
      oneOf(random, ["#17121a", "#2a1a1f", "#5a3424", "#7a3a20", "#c99a4a", "#8c8a94"]),
      oneOf(random, ["#c8553d", "#3d6b8e", "#e0a458", "#5b8c5a", "#8e5a88", "#2f9e8a"]),
      oneOf(random, ["#2a3a6a", "#5a2a5e", "#1f5a5a", "#8a4529", "#3a5a98", "#6a2c50"]),
      oneOf(random, ["#ffb45c", "#f0a3a0", "#7be0dc", "#ffe0a0", "#c79aff", "#9dc08b"]),
    ],
    hairstyle: oneOf(random, ["bun", "short", "long", "curls", "bob", "short"]),
    hasGlasses: random() < 0.25,
  };
}

const backHair = (hairstyle: Face["hairstyle"], hair: string): string => {
  switch (hairstyle) {
    case "long":
      return shape("M128 46C70 46 58 96 62 150Q58 200 46 226H210Q198 200 194 150C198 96 186 46 128 46Z", hair);
    case "bob":
      return shape("M128 48C70 48 62 96 62 132Q60 168 74 182H182Q196 168 194 132C194 96 186 48 128 48Z", hair);
    case "bun":
      return circle(128, 42, 25, hair) + ellipse(128, 104, 60, 56, hair);
    case "curls":
      return [
        [78, 96],
        [72, 124],
        [92, 72],
        [128, 58],
        [164, 72],
        [178, 96],
        [184, 124],
        [110, 62],
        [146, 62],
      ]
        .map(([x = 0, y = 0]) => circle(x, y, 27, hair))
        .join("");
    default:
      return ellipse(128, 100, 56, 50, hair);
  }
};
const frontHair = (hairstyle: Face["hairstyle"], hair: string, clothes: string): string => {
  switch (hairstyle) {
    case "cap":
      return (
        shape("M72 100Q74 50 128 48Q182 50 184 100Q128 84 72 100Z", clothes) +
        shape("M72 100Q128 80 184 100Q214 104 210 112Q128 96 70 108Z", clothes) +
        stroke("M128 48V84", "#ffffff", 2, { opacity: 0.3 })
      );
    case "curls":
      return [
        [92, 86],
        [112, 78],
        [134, 78],
        [156, 84],
      ]
        .map(([x = 0, y = 0]) => circle(x, y, 18, hair))
        .join("");
    case "bob":
      return shape("M70 130Q68 62 128 60Q188 62 186 130Q180 104 170 98H86Q76 104 70 130Z", hair);
    case "short":
      return shape("M72 112Q68 56 122 52Q186 48 184 112Q176 92 160 86Q126 92 96 82Q80 92 72 112Z", hair);
    default:
      return shape("M72 116Q70 58 128 56Q186 58 184 116Q172 86 134 78Q96 88 72 116Z", hair);
  }
};

/** A portrait as a document of SVG, 256 wide and high. */
export function portraitOf({ colours: [skin, hair, clothes, from, to], hairstyle, hasGlasses = false }: Face): string {
  return drawing(
    { width: 256, height: 256 },
    rect(0, 0, 256, 256, down(from, to)) +
      glow(70, 60, 150, "#ffffff", 0.35) +
      backHair(hairstyle, hair) +
      shape("M24 270Q28 204 92 192H164Q228 204 232 270Z", clothes) +
      shape("M108 168H148V196Q128 214 108 196Z", skin) +
      ellipse(128, 180, 22, 10, "#000000", { opacity: 0.12 }) +
      ellipse(72, 126, 9, 13, skin) +
      ellipse(184, 126, 9, 13, skin) +
      shape("M74 112C74 72 100 66 128 66C156 66 182 72 182 112C182 156 158 184 128 184C98 184 74 156 74 112Z", skin) +
      ellipse(98, 144, 13, 8, "#e8705a", { opacity: 0.28 }) +
      ellipse(158, 144, 13, 8, "#e8705a", { opacity: 0.28 }) +
      [104, 152]
        .map(
          (x) =>
            ellipse(x, 124, 5, 6.4, "#2a1a1f") +
            circle(x + 1.8, 121.6, 1.7, "#ffffff") +
            stroke(path`M${x - 11} 109Q${x} 103 ${x + 11} 109`, hair, 4),
        )
        .join("") +
      stroke("M128 126Q124 142 131 143", "#000000", 2.6, { opacity: 0.22 }) +
      stroke("M112 157Q128 170 144 157", "#8a3f3a", 4) +
      frontHair(hairstyle, hair, clothes) +
      (hasGlasses
        ? [104, 152].map((x) => circle(x, 124, 18, "none", { stroke: "#2a2a3a", width: 3.4 })).join("") +
          stroke("M122 122Q128 118 134 122", "#2a2a3a", 3)
        : ""),
  );
}
