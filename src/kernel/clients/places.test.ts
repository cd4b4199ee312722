import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { type Place, Places } from "./places.ts";

describe("places", () => {
  it("are bounded for one holder, until it releases one", () => {
    const places = new Places({ max: 10, perHolderMax: 2 });
    const first = placeOf(places.take("a"));
    placeOf(places.take("a"));
    assert.equal(places.take("a"), "holder");
    placeOf(places.take("b"));
    first.release();
    first.release();
    assert.equal(places.size, 2);
    placeOf(places.take("a"));
    assert.equal(places.take("a"), "holder");
  });

  it("are bounded for all holders together where no client may be ended", () => {
    const places = new Places({ max: 2, perHolderMax: 2 });
    placeOf(places.take("a"));
    placeOf(places.take("b"));
    assert.equal(places.take("c"), "all");
  });

  it("go to a newcomer from the oldest client of the holder with the most", () => {
    const ended: string[] = [];
    const places = new Places({ max: 4, perHolderMax: 3 });
    for (const name of ["lone", "crowd 1", "crowd 2", "crowd 3"])
      placeOf(places.take(name.split(" ")[0] ?? "", { end: () => ended.push(name) }));
    placeOf(places.take("newcomer", { end: () => ended.push("newcomer") }));
    assert.deepEqual(ended, ["crowd 1"]);
    assert.equal(places.size, 4);
    assert.equal(places.heldBy("crowd"), 2);
  });

  it("are free once a client is admitted, which nobody displaces", () => {
    const ended: string[] = [];
    const places = new Places({ max: 1, perHolderMax: 1 });
    placeOf(places.take("a", { end: () => ended.push("a") })).admit();
    placeOf(places.take("a", { end: () => ended.push("second") }));
    placeOf(places.take("b", { end: () => ended.push("b") }));
    assert.deepEqual(ended, ["second"]);
  });

  it("have a deadline for clients that are not admitted", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const ended: string[] = [];
    const places = new Places({ max: 9, perHolderMax: 9, admissionMs: 10_000 });
    placeOf(places.take("a", { end: () => ended.push("late") }));
    placeOf(places.take("a", { end: () => ended.push("known") })).admit();
    mock.timers.tick(9_999);
    assert.deepEqual(ended, []);
    mock.timers.tick(1);
    assert.deepEqual(ended, ["late"]);
    mock.timers.reset();
  });

  it("of trusted proxies have a bound of their own", () => {
    const places = new Places({ max: 9, perHolderMax: 1 });
    for (let n = 0; n < 5; n++) placeOf(places.take("proxy", { perHolderMax: Number.POSITIVE_INFINITY }));
    assert.equal(places.size, 5);
  });
});

function placeOf(taken: ReturnType<Places["take"]>): Place {
  assert.ok(typeof taken === "object");
  return taken;
}
