import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { Random } from "#test/random";
import { filterOf } from "./filter.ts";
import { interactionsOf } from "./interactions.ts";
import { addRows, itemTableOf } from "./item-table.ts";
import { lanes } from "./kernel.ts";

/* The filter against the same formulas with whole matrices. */
const [users, items, size] = [90, 101, 16];
const settings = { size, beta: 0.3, sharpness: 1.5 };

describe("the graph filter", () => {
  it("scores as the formulas say", () => {
    const histories = watched();
    const scores = filterOf(interactionsOf(histories, items), size, randomOf(1)).scorer(settings)(
      histories.slice(0, 16),
    );
    const meant = formula(histories);
    for (let lane = 0; lane < 16; lane++)
      for (let item = 0; item < items; item++)
        assert.ok(Math.abs((scores[item * lanes + lane] ?? Number.NaN) - meant.get(lane, item)) < 1e-4);
  });

  it("gives a history the sum of the scores of its items", () => {
    const histories = watched();
    const scorer = filterOf(interactionsOf(histories, items), size, randomOf(1)).scorer(settings);
    const [whole, first, second] = [[3, 8], [3], [8]];
    const scores = scorer([whole, first, second]);
    for (let at = 0; at < items * lanes; at += lanes)
      assert.ok(Math.abs((scores[at] ?? 0) - (scores[at + 1] ?? 0) - (scores[at + 2] ?? 0)) < 1e-5);
  });

  it("is kept in a table of the items that go best with each", () => {
    const histories = watched();
    const scorer = filterOf(interactionsOf(histories, items), size, randomOf(1)).scorer(settings);
    const wide = itemTableOf(scorer, items, items);
    const sums = new Float64Array(items);
    addRows(wide, [[3, 1]], sums);
    const scores = scorer([[3]]);
    for (let item = 0; item < items; item++)
      assert.ok(Math.abs((sums[item] ?? 0) - Math.max(0, scores[item * lanes] ?? 0)) < 1e-6);
    const narrow = itemTableOf(scorer, items, 7);
    for (let item = 0; item < items; item++)
      assert.deepEqual(narrow.items.slice(item * 7, item * 7 + 7), wide.items.slice(item * items, item * items + 7));
  });

  it("has nothing for items that nobody watched, and takes users without a history", () => {
    const histories = [[0, 1], [], [1, 2]];
    const scorer = filterOf(interactionsOf(histories, 5), size, randomOf(1)).scorer(settings);
    const scores = scorer([[4], [], [0]]);
    for (let item = 0; item < 5; item++) assert.deepEqual([scores[item * lanes], scores[item * lanes + 1]], [0, 0]);
    assert.ok((scores[1 * lanes + 2] ?? 0) > 0);
    assert.deepEqual(itemTableOf(scorer, 5, 3).items.slice(12), new Int32Array([-1, -1, -1]));
    assert.throws(() => interactionsOf([[5]], 5), RangeError);
    assert.deepEqual(interactionsOf([[2, 1, 2]], 3).byUser.columns, new Int32Array([1, 2]));
  });
});

function randomOf(seed: number): () => number {
  const random = new Random(seed);
  return () => random.next();
}

/** Users with tastes: most of what a user watches is of one of four kinds. */
function watched(): number[][] {
  const random = new Random(2);
  const next = (user: number): number => {
    const item = random.whole(0, items - 5);
    return random.next() < 0.8 ? item - (item % 4) + (user % 4) : item;
  };
  return Array.from({ length: users }, (_, user) => [...new Set(Array.from({ length: 12 }, () => next(user)))]);
}

/** `b exp(−T P)` with four terms of its series, where `b = x P + β x Di^-½ V Vᵀ Di^½` (BSPM, SIGIR 2023). */
function formula(histories: readonly (readonly number[])[]): Matrix {
  const watches = Matrix.zeros(users, items);
  for (const [user, own] of histories.entries()) for (const item of own) watches.set(user, item, 1);
  const [byUser, byItem] = [watches.sum("row"), watches.sum("column")];
  const power = (degrees: readonly number[], exponent: number) =>
    Matrix.diag(degrees.map((degree) => (degree > 0 ? degree ** exponent : 0)));
  const normalized = power(byUser, -0.5).mmul(watches).mmul(power(byItem, -0.5));
  const smooth = normalized.transpose().mmul(normalized);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(smooth, { assumeSymmetric: true });
  const leading = [...realEigenvalues.keys()]
    .toSorted((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0))
    .slice(0, size);
  const vectors = eigenvectorMatrix.subMatrixColumn(leading);
  const lowPass = power(byItem, -0.5).mmul(vectors).mmul(vectors.transpose()).mmul(power(byItem, 0.5));
  const begin = Matrix.add(watches.mmul(smooth), watches.mmul(lowPass).mul(settings.beta));
  let [term, sum] = [begin, begin.clone()];
  for (let n = 1; n <= 4; n++) {
    term = term.mmul(smooth).mul(-settings.sharpness / n);
    sum = Matrix.add(sum, term);
  }
  return sum;
}
