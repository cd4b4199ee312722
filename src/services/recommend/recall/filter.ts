import { type Basis, basisOf, basisPanels } from "./basis.ts";
import { type Graph, graphBytes, createGraph, panelBytes } from "./graph.ts";
import type { Interactions } from "./interactions.ts";
import { type Kernel, kernelOf, lanes } from "./kernel.ts";

/** How a history becomes scores. */
export interface RecallSettings {
  /** How many eigenvectors of the basis are used: a multiple of 16. */
  readonly size: number;
  /** Weight of the basis beside what users with common items watched. */
  readonly beta: number;
  /** How far the smoothing is taken back: 0 leaves it as it is. */
  readonly sharpness: number;
}

/**
 * Scores of all items for up to 16 histories: a panel whose column `n` is of history `n`. The next call overwrites it.
 */
export type Scorer = (histories: readonly ArrayLike<number>[]) => Float32Array;

/** Sparse products of the sharpening: terms of a Taylor series. */
const terms = 4;

/** Panels of items that a filter takes. */
const filterPanels = 4;

/**
 * A graph filter that needs no training: a low-pass filter over the watched pairs with its leading eigenvectors (Shen
 * et al., *How Powerful is Graph Convolution for Recommendation?*, CIKM 2021). It is then sharpened by diffusion
 * backwards (Choi et al., *Blurring-Sharpening Process Models for Collaborative Filtering*, SIGIR 2023). The scores of
 * a history are the sum of those of its items.
 */
export class GraphFilter {
  readonly #kernel: Kernel;
  readonly #graph: Graph;
  readonly #basis: Basis;
  readonly #input: Float32Array;
  readonly #scores: Float32Array;
  readonly #term: Float32Array;
  readonly #smooth: Float32Array;
  readonly #factors: Float32Array;

  constructor(kernel: Kernel, graph: Graph, basis: Basis) {
    this.#kernel = kernel;
    this.#graph = graph;
    this.#basis = basis;
    this.#input = graph.panel();
    this.#scores = graph.panel();
    this.#term = graph.panel();
    this.#smooth = graph.panel();
    this.#factors = kernel.floats(lanes * lanes);
  }

  scorer(settings: RecallSettings): Scorer {
    return (histories) => this.#scoresOf(histories, settings);
  }

  #scoresOf(histories: readonly ArrayLike<number>[], { size, beta, sharpness }: RecallSettings): Float32Array {
    const { roots, inverseRoots, step, items } = this.#graph;
    const [input, scores, term, smooth] = [this.#input, this.#scores, this.#term, this.#smooth];
    input.fill(0);
    for (const [lane, history] of histories.entries())
      for (let at = 0; at < history.length; at++) {
        const item = history[at] ?? 0;
        input[item * lanes + lane] = inverseRoots[item] ?? 0;
      }
    step(input, term);
    this.#project(histories, size, smooth);
    for (let at = 0; at < term.length; at++) term[at] = (term[at] ?? 0) + beta * (smooth[at] ?? 0);
    scores.set(term);
    // exp(−T G) of what is smooth by now.
    const count = sharpness > 0 ? terms : 0;
    for (let n = 1, by = 1; n <= count; n++) {
      by *= -sharpness / n;
      step(term, term);
      for (let at = 0; at < scores.length; at++) scores[at] = (scores[at] ?? 0) + by * (term[at] ?? 0);
    }
    for (let item = 0; item < items; item++) {
      const root = roots[item] ?? 0;
      for (let at = item * lanes; at < (item + 1) * lanes; at++) scores[at] = (scores[at] ?? 0) * root;
    }
    return scores;
  }

  /** `out` becomes the histories as far as the basis has them. */
  #project(histories: readonly ArrayLike<number>[], size: number, out: Float32Array): void {
    const { inverseRoots } = this.#graph;
    out.fill(0);
    for (const panel of this.#basis.panels.slice(0, size / lanes)) {
      const sums = new Float64Array(lanes * lanes);
      for (const [lane, history] of histories.entries())
        for (let at = 0; at < history.length; at++) {
          const item = history[at] ?? 0;
          const by = inverseRoots[item] ?? 0;
          for (let vector = 0; vector < lanes; vector++) {
            const place = vector * lanes + lane;
            sums[place] = (sums[place] ?? 0) + by * (panel[item * lanes + vector] ?? 0);
          }
        }
      this.#factors.set(sums);
      this.#kernel.multiplyAdd(panel, this.#factors, out);
    }
  }
}

/** Beside the arrays that are counted: borders of 64 bytes, small ones. */
const spareBytes = 65_536;

/** A filter over these interactions with `size` eigenvectors, in a kernel of its own. */
export function filterOf(interactions: Interactions, size: number, random: () => number): GraphFilter {
  const panels = basisPanels(size) + filterPanels;
  const kernel = kernelOf(graphBytes(interactions) + panels * panelBytes(interactions) + spareBytes);
  const graph = createGraph(kernel, interactions);
  return new GraphFilter(kernel, graph, basisOf(kernel, graph, size, random));
}
