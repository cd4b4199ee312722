import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "#test/random";
import { accuracyOf, heldOut, tableAccuracy } from "./accuracy.ts";
import { degreesOf, type Interactions, interactionsOf } from "./interactions.ts";
import { itemTableOf } from "./item-table.ts";
import { lanes } from "./kernel.ts";
import { tunedSettings } from "./settings-search.ts";
import { filterOf } from "./filter.ts";

describe("the accuracy of recommendations", () => {
  it("is the share of what was watched later, and counts higher places more", () => {
    const items = 40;
    const inOrder = () => {
      const scores = new Float32Array(items * lanes);
      for (let item = 0; item < items; item++) scores.fill(-item, item * lanes, (item + 1) * lanes);
      return scores;
    };
    const before = [[0, 1], [], []];
    // The lists are 2 to 21, and 0 to 19.
    const later = [new Set([2, 21, 22]), new Set([1]), new Set<number>()];
    const { recall, ndcg } = accuracyOf(inOrder, { before, later, items });
    const gain = (place: number) => 1 / Math.log2(place + 2);
    assert.ok(Math.abs(recall - (2 / 3 + 1) / 2) < 1e-12);
    const first = (gain(0) + gain(19)) / (gain(0) + gain(1) + gain(2));
    assert.ok(Math.abs(ndcg - (first + gain(1) / gain(0)) / 2) < 1e-12);
  });

  it("holds a share of the longer histories out", () => {
    const histories = [
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      [1, 2, 3, 4],
    ];
    const random = new Random(4);
    const { before, later } = heldOut(histories, { items: 11, share: 0.2, random: () => random.next() });
    assert.deepEqual([before[0]?.length, later[0]?.size, before[1]?.length, later[1]?.size], [8, 2, 4, 0]);
    assert.deepEqual(
      [...(before[0] as number[]), ...(later[0] ?? [])].toSorted((a, b) => a - b),
      histories[0],
    );
  });

  // Floors with a margin: it reaches 0.288 and 0.199.
  it("reaches its floors for users with tastes", () => {
    const random = new Random(6);
    const next = () => random.next();
    const histories = users(next);
    const trial = heldOut(histories, { items: itemCount, share: 0.2, random: next });
    const interactions = interactionsOf(trial.before, itemCount);
    const grid = { sizes: [16, 32], betas: [0.1, 0.3], sharpnesses: [0, 1] };
    const { settings, tried } = tunedSettings(interactions, { grid, splits: 1, everyUser: 2, random: next });
    assert.ok(tried.length >= 4);
    const scorer = filterOf(interactions, settings.size, next).scorer(settings);
    const exact = accuracyOf(scorer, trial);
    assert.ok(exact.recall > 0.26 && exact.ndcg > 0.17, `${exact.recall} and ${exact.ndcg}`);
    const popular = accuracyOf(() => popularity(interactions), trial);
    assert.ok(exact.recall > 2 * popular.recall, `${exact.recall}, and ${popular.recall} by popularity`);
    const served = tableAccuracy(itemTableOf(scorer, itemCount, 60), trial);
    assert.ok(served.recall > 0.9 * exact.recall, `${served.recall} of ${exact.recall}`);
  });
});

const itemCount = 400;

function popularity(interactions: Interactions): Float32Array {
  const scores = new Float32Array(itemCount * lanes);
  for (const [item, degree] of degreesOf(interactions.byItem).entries())
    scores.fill(degree, item * lanes, (item + 1) * lanes);
  return scores;
}

/** A block model: ten kinds of items; a user watches two of them, and something else at times. */
function users(random: () => number): number[][] {
  return Array.from({ length: 500 }, (_, user) => {
    const kinds = [user % 10, Math.floor(random() * 10)];
    return Array.from({ length: 20 }, () => {
      // Some items of a kind are watched by more.
      const inKind = Math.floor((itemCount / 10) * random() ** 2);
      const kind = random() < 0.15 ? Math.floor(random() * 10) : (kinds[random() < 0.6 ? 0 : 1] ?? 0);
      return inKind * 10 + kind;
    });
  });
}
