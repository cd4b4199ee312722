import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backgrounds, captionCss, captionLook, captionStyleOf, colors, usualCaptionStyle } from "./caption-style.ts";

describe("the style of captions", () => {
  it("keeps the usual choice for what is missing, unknown or damaged", () => {
    for (const stored of [null, "large", 3, {}, { size: "huge", color: "black", background: "none" }])
      assert.deepEqual(captionStyleOf(stored), usualCaptionStyle);
    assert.deepEqual(captionStyleOf({ size: "large", color: "yellow" }), {
      size: "large",
      color: "yellow",
      background: "shade",
    });
  });

  for (const { name: color } of colors)
    for (const { name: background, opacity } of backgrounds)
      it(`has a contrast of at least 4.5 over any picture in ${color} on ${background}`, () => {
        const { color: value, textShadow } = captionLook({ ...usualCaptionStyle, color, background });
        // The worst picture is white; without a box the outline is what the letters stand on.
        const behind = opacity === 0 ? 0 : 255 * (1 - opacity);
        assert.equal(textShadow.includes("#000"), opacity === 0);
        const text = [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16));
        assert.ok(contrast(text, [behind, behind, behind]) >= 4.5);
      });

  it("is a rule for the captions of every video", () => {
    assert.match(
      captionCss({ size: "largest", color: "yellow", background: "solid" }),
      /^video::cue \{ color: #ffee58; background-color: rgb\(0 0 0 \/ 1\); text-shadow: none; font-size: 200%; \}$/,
    );
  });
});

/** As WCAG defines it. */
function contrast(one: readonly number[], other: readonly number[]): number {
  const luminance = (rgb: readonly number[]) => {
    const [r = 0, g = 0, b = 0] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
