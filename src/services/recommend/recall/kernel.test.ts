import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "#test/random";
import { type Kernel, kernelOf, lanes, plainKernel } from "./kernel.ts";

/* The two forms of the kernel against each other and against sums that are written out. */
const rows = 38;

describe("the kernel of recall", () => {
  it("gathers the rows of a sparse matrix", () => {
    for (const kernel of kernels()) {
      const { random, panel } = inputsOf(kernel);
      const lists = Array.from({ length: rows }, (_, row) =>
        Array.from({ length: row % 5 }, () => Math.floor(random.next() * rows)),
      );
      const starts = new Int32Array(rows + 1);
      for (const [row, list] of lists.entries()) starts[row + 1] = (starts[row] ?? 0) + list.length;
      const of = { starts: kernel.ints(starts), columns: kernel.ints(Int32Array.from(lists.flat())) };
      const scale = kernel.floats(rows);
      for (let row = 0; row < rows; row++) scale[row] = random.next();
      const [input, out] = [panel(), panel()];
      kernel.gather(of, scale, input, out);
      for (const [row, list] of lists.entries())
        for (let lane = 0; lane < lanes; lane++)
          near(out[row * lanes + lane], (scale[row] ?? 0) * sumOf(list, (from) => input[from * lanes + lane]));
    }
  });

  it("multiplies a transposed panel with a panel", () => {
    for (const kernel of kernels()) {
      const { panel } = inputsOf(kernel);
      const [left, right, out] = [panel(), panel(), kernel.floats(lanes * lanes)];
      kernel.gram(left, right, 4, 33, out);
      const between = Array.from({ length: 29 }, (_, n) => n + 4);
      for (let lane = 0; lane < lanes; lane++)
        for (let column = 0; column < lanes; column++)
          near(
            out[lane * lanes + column],
            sumOf(between, (row) => (left[row * lanes + lane] ?? 0) * (right[row * lanes + column] ?? 0)),
          );
    }
  });

  it("adds a panel times a small matrix to a panel", () => {
    for (const kernel of kernels()) {
      const { panel } = inputsOf(kernel);
      const [left, out] = [panel(), panel()];
      const before = out.slice();
      const factors = panel().subarray(0, lanes * lanes);
      kernel.multiplyAdd(left, factors, out);
      const all = Array.from({ length: lanes }, (_, one) => one);
      for (let row = 0; row < rows; row++)
        for (let two = 0; two < lanes; two++)
          near(
            out[row * lanes + two],
            (before[row * lanes + two] ?? 0) +
              sumOf(all, (one) => (left[row * lanes + one] ?? 0) * (factors[one * lanes + two] ?? 0)),
          );
    }
  });
});

/** With SIMD, which every machine of the tests has, and without. */
function kernels(): Kernel[] {
  const bytes = 100_000;
  const [simd, plain] = [kernelOf(bytes), plainKernel(bytes)];
  assert.notEqual(simd.gather, plain.gather);
  return [simd, plain];
}

function inputsOf(kernel: Kernel) {
  const random = new Random(3);
  return {
    random,
    panel: (): Float32Array => {
      const values = kernel.floats(rows * lanes);
      for (let at = 0; at < values.length; at++) values[at] = random.next() - 0.5;
      return values;
    },
  };
}

const sumOf = (list: readonly number[], valueOf: (one: number) => number | undefined): number =>
  list.reduce((sum, one) => sum + (valueOf(one) ?? 0), 0);

function near(found: number | undefined, meant: number): void {
  assert.ok(Math.abs((found ?? Number.NaN) - meant) <= 1e-6 * Math.max(1, Math.abs(meant)), `${found} is not ${meant}`);
}
