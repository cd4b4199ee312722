import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "#test/random";
import { Ftrl, placeOf } from "./ftrl.ts";
import { logit, Rates } from "./rates.ts";

const settings = { places: 1_024, alpha: 0.1, beta: 1, l1: 0.1, l2: 1 };

describe("the model of labels", () => {
  it("learns weights as one goes, and predicts before it learns", () => {
    const model = new Ftrl(settings);
    assert.equal(model.learn({ places: [1], values: [1] }, true), 0.5);
    assert.ok(model.predict({ places: [1], values: [1] }) > 0.5);
    const random = new Random(5);
    const losses: number[] = [];
    for (let n = 0; n < 6_000; n++) {
      const [a, b] = [random.whole(0, 9), random.whole(0, 9)];
      const isTrue = random.next() < 1 / (1 + Math.exp(-(a - b) / 2));
      const places = [`a${a}`, `b${b}`].map((name) => placeOf(name, settings.places));
      const predicted = model.learn({ places, values: [1, 1] }, isTrue);
      losses.push(-Math.log(isTrue ? predicted : 1 - predicted));
    }
    const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
    assert.ok(Math.abs(mean(losses.slice(0, 50)) - Math.LN2) < 0.1, "knows nothing at first");
    // The truth itself has a loss of 0.46.
    assert.ok(mean(losses.slice(-2_000)) < 0.49, `${mean(losses.slice(-2_000))}`);
  });

  it("gives no weight to what explains nothing, and none of its own to what it never saw", () => {
    const model = new Ftrl({ ...settings, l1: 50 });
    const random = new Random(6);
    for (let n = 0; n < 500; n++) model.learn({ places: [random.whole(0, 9)], values: [1] }, random.next() < 0.5);
    assert.equal(model.predict({ places: [3], values: [1] }), 0.5);
    assert.equal(model.predict({ places: [700], values: [1] }), 0.5);
  });

  it("stays a number whatever it is given", () => {
    const model = new Ftrl(settings);
    for (let n = 0; n < 200; n++) model.learn({ places: [1, 1, 2], values: [1e6, -1e6, 3e5] }, n % 2 === 0);
    const predicted = model.predict({ places: [2], values: [1e9] });
    assert.ok(predicted > 0 && predicted < 1);
  });
});

describe("rates", () => {
  it("are what is usual without a case, and what was seen with many", () => {
    const rates = new Rates();
    assert.equal(rates.of("x", 0.2, 10), 0.2);
    for (let n = 0; n < 30; n++) rates.add("x", n % 3 === 0);
    assert.ok(Math.abs(rates.of("x", 0.2, 10) - (10 + 2) / 40) < 1e-12);
    assert.deepEqual([rates.cases("x"), rates.cases("y")], [30, 0]);
    assert.ok(Math.abs(logit(0.5)) < 1e-12 && logit(0.9) > 2);
  });
});
