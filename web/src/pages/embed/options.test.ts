import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { embedOptions } from "./options.ts";

describe("the address of an embedded player", () => {
  it("sets its start, autoplay, colour and branding", () => {
    assert.deepEqual(embedOptions("?start=12.5&autoplay=1&color=FF8800&branding=0"), {
      startS: 12.5,
      isAutoplay: true,
      color: "#ff8800",
      hasBranding: false,
    });
  });

  it("is read as if a value that makes no sense were left out", () => {
    const none = { startS: undefined, isAutoplay: false, color: undefined, hasBranding: true };
    for (const search of ["", "?start=-3&color=red&autoplay=0&branding=1", "?start=x&color=%22%3E", "?start=Infinity"])
      assert.deepEqual(embedOptions(search), none, search);
  });
});
