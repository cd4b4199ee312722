import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from "ml-matrix";
import { type Graph, scaleRows } from "./graph.ts";
import { type Kernel, lanes } from "./kernel.ts";

/** The leading eigenvectors of `P = Di^-½ Rᵀ Du⁻¹ R Di^-½`, orthonormal, in panels of 16. */
export interface Basis {
  readonly panels: readonly Float32Array[];
}

/** Eigenvectors beside those that are wanted: the wanted ones converge the faster. */
const moreVectors = 64;
const rounds = 5;
/** Sums of this many rows are exact enough with 32 bits. */
const rowsPerSum = 2_048;

/** Panels of items that finding a basis takes at once. */
export const basisPanels = (size: number): number => 2 * ((size + moreVectors) / lanes) + 1;

/**
 * Finds the leading eigenvectors by subspace iteration with Rayleigh and Ritz (Golub and Van Loan, *Matrix Computations*,
 * 4th edition, §8.2.4).
 *
 * @param size a multiple of 16
 * @param random from 0 to 1, for the subspace it begins with
 */
export function basisOf(kernel: Kernel, graph: Graph, size: number, random: () => number): Basis {
  const count = (size + moreVectors) / lanes;
  const panels = () => Array.from({ length: count }, graph.panel);
  let [vectors, products] = [panels(), panels()];
  const factors = kernel.floats(lanes * lanes);
  const times = (by: Matrix): void => {
    multiply(kernel, vectors, by, products, factors);
    [vectors, products] = [products, vectors];
  };
  for (const panel of vectors) for (let at = 0; at < graph.items * lanes; at++) panel[at] = random() - 0.5;
  const apply = (panel: Float32Array, out: Float32Array) => {
    out.set(panel);
    scaleRows(out, graph.inverseRoots);
    graph.step(out, out);
    scaleRows(out, graph.roots);
  };
  for (let round = 0; round < rounds; round++) {
    for (const panel of vectors) {
      apply(panel, panel);
      if (round > 0 && round < 3) apply(panel, panel);
    }
    times(whitening(gramOf(kernel, vectors, vectors, factors)));
  }
  for (const [place, panel] of vectors.entries()) apply(panel, products[place] ?? panel);
  const eigen = eigenOf(gramOf(kernel, vectors, products, factors));
  const order = Array.from(eigen.realEigenvalues.keys()).toSorted(
    (a, b) => (eigen.realEigenvalues[b] ?? 0) - (eigen.realEigenvalues[a] ?? 0),
  );
  times(eigen.eigenvectorMatrix.subMatrixColumn(order));
  return { panels: vectors.slice(0, size / lanes) };
}

/** The product of the transposed matrix `left` and the matrix `right`, which is symmetric. */
function gramOf(
  kernel: Kernel,
  leftPanels: readonly Float32Array[],
  rightPanels: readonly Float32Array[],
  sums: Float32Array,
): Matrix {
  const size = leftPanels.length * lanes;
  const gram = Matrix.zeros(size, size);
  for (const [row, leftPanel] of leftPanels.entries())
    for (const [column, rightPanel] of rightPanels.entries()) {
      if (column < row) continue;
      const block = new Float64Array(lanes * lanes);
      for (let from = 0; from < leftPanel.length / lanes; from += rowsPerSum) {
        kernel.gram(leftPanel, rightPanel, from, Math.min(from + rowsPerSum, leftPanel.length / lanes), sums);
        for (const [at, sum] of sums.entries()) block[at] = (block[at] ?? 0) + sum;
      }
      for (const [at, sum] of block.entries()) {
        const [r, c] = [row * lanes + Math.floor(at / lanes), column * lanes + (at % lanes)];
        gram.set(r, c, sum);
        gram.set(c, r, sum);
      }
    }
  return gram;
}

/** Sums of 32 bits know no smaller part of the largest one. */
const precision = 1e-6;

/**
 * The matrix that makes columns with this Gram matrix orthonormal: the transposed inverse of its Cholesky factor.
 * Dependent columns leave as many zeros, as all do when there are fewer users or items than columns.
 */
function whitening(gram: Matrix): Matrix {
  const lower = new CholeskyDecomposition(gram).lowerTriangularMatrix;
  const pivots = lower.diagonal().map((pivot) => pivot ** 2);
  return Math.min(...pivots) > precision * Math.max(...pivots) ? invertLower(lower).transpose() : dependent(gram);
}

function dependent(gram: Matrix): Matrix {
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = eigenOf(gram);
  const least = precision * Math.max(...values);
  return vectors.mulRowVector(values.map((value) => (value > least ? 1 / Math.sqrt(value) : 0)));
}

function invertLower(lower: Matrix): Matrix {
  const size = lower.rows;
  const inverse = Matrix.zeros(size, size);
  for (let column = 0; column < size; column++) {
    inverse.set(column, column, 1 / lower.get(column, column));
    for (let row = column + 1; row < size; row++) {
      let sum = 0;
      for (let between = column; between < row; between++)
        sum += lower.get(row, between) * inverse.get(between, column);
      inverse.set(row, column, -sum / lower.get(row, row));
    }
  }
  return inverse;
}

const eigenOf = (symmetric: Matrix) => new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });

/** `out` becomes the product of the matrix in `panels` and `by`. */
function multiply(
  kernel: Kernel,
  panels: readonly Float32Array[],
  by: Matrix,
  out: readonly Float32Array[],
  factors: Float32Array,
): void {
  for (const [column, panel] of out.entries()) {
    panel.fill(0);
    for (const [row, from] of panels.entries()) {
      for (let at = 0; at < factors.length; at++)
        factors[at] = by.get(row * lanes + Math.floor(at / lanes), column * lanes + (at % lanes));
      kernel.multiplyAdd(from, factors, panel);
    }
  }
}
