import assert from "node:assert/strict";
import { it } from "node:test";
import { secondsOf, startParam } from "./start.ts";

it("reads a start as minutes, hours or seconds", () => {
  assert.equal(secondsOf("5:18", 900), 318);
  assert.equal(secondsOf(" 1:02:03 ", 4_000), 3_723);
  assert.equal(secondsOf("42", 900), 42);
});

it("takes no start that is none, or that the video does not have", () => {
  for (const text of ["", "soon", "5:18 or so", "5:75", "1:2", "-3"]) assert.equal(secondsOf(text, 900), null, text);
  for (const text of ["15:00", "900", "20:00"]) assert.equal(secondsOf(text, 900), null, text);
});

it("says nothing of a start that is off or the beginning", () => {
  assert.equal(startParam({ isOn: true, atS: 318 }), "318");
  assert.equal(startParam({ isOn: false, atS: 318 }), null);
  assert.equal(startParam({ isOn: true, atS: 0 }), null);
});
