import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backgrounds, contrast, defaultTheme, suggestionFor, themeOf } from "./accent.ts";
import fc from "fast-check";

describe("an accent", () => {
  it("stays as it is where both themes can use it", () => {
    assert.deepEqual(themeOf("#DD321A"), {
      dark: { accent: "#dd321a", ink: "#ffffff" },
      light: { accent: "#dd321a", ink: "#ffffff" },
    });
  });

  it("is lightened for the dark theme and darkened for the light one, as little as it takes", () => {
    assert.equal(themeOf("#0000ff")?.light.accent, "#0000ff");
    assert.notEqual(themeOf("#0000ff")?.dark.accent, "#0000ff");
    assert.equal(themeOf("#ff694d")?.dark.accent, "#ff694d");
    assert.notEqual(themeOf("#ff694d")?.light.accent, "#ff694d");
    // Icons in this grey are seen in both themes, and neither ink can be read on it.
    const grey = themeOf("#787878");
    assert.ok(grey && grey.light.accent !== "#787878");
    assertContrasts(grey);
  });

  it("is refused where it would have to become another colour, with the nearest one that can be used", () => {
    for (const accent of ["#ffffff", "#000000", "#ffd400", "#00ff00"]) {
      assert.equal(themeOf(accent), undefined, accent);
      assert.ok(themeOf(suggestionFor(accent)), accent);
    }
  });

  it("has the contrasts of WCAG in both themes, whatever colour was chosen; a suggestion needs no other", () => {
    assert.equal(Math.round(contrast("#000000", "#ffffff")), 21);
    assertContrasts(defaultTheme);
    fc.assert(
      fc.property(colour, (accent) => {
        const suggestion = suggestionFor(accent);
        const theme = themeOf(suggestion);
        assert.ok(theme, `${accent}: ${suggestion}`);
        assertContrasts(theme);
        assert.equal(suggestionFor(suggestion), suggestion);
        if (themeOf(accent)) assert.equal(suggestion, accent);
      }),
      { numRuns: 60 },
    );
  });
});

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

function assertContrasts(theme: NonNullable<ReturnType<typeof themeOf>>): void {
  for (const name of ["dark", "light"] as const) {
    const { accent, ink } = theme[name];
    assert.ok(contrast(accent, ink) >= 4.5, `${accent} under ${ink}`);
    for (const background of backgrounds[name])
      assert.ok(contrast(accent, background) >= 3, `${accent} on ${background}`);
  }
}
