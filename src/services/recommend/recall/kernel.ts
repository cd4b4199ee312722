import { readFileSync } from "node:fs";
import { compile } from "watr";

/** Columns of a panel. A matrix of more has several panels, one after the other. */
export const lanes = 16;

/** The columns of each row; all entries are 1. Row `r` has `columns[starts[r]]` to `columns[starts[r + 1] - 1]`. */
export interface Sparse {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
}

/**
 * The inner loops of recall, and the memory they work in: all arrays must come from the same kernel. A panel is a matrix of
 * 16 columns, its rows one after the other; panels have an even number of rows.
 */
export interface Kernel {
  /** Zeros. They live as long as the kernel. */
  readonly floats: (length: number) => Float32Array;
  readonly ints: (values: Int32Array) => Int32Array;
  /** Row `r` of the panel `out` becomes `scale[r]` times the sum of those rows of the panel `input` that row `r` of `of` has. */
  readonly gather: (of: Sparse, scale: Float32Array, input: Float32Array, out: Float32Array) => void;
  /** The 256 numbers of `out` become the product of the transposed panel `left` and the panel `right`, rows `from` to `to`. */
  readonly gram: (left: Float32Array, right: Float32Array, from: number, to: number, out: Float32Array) => void;
  /** The product of the panel `left` and the 16 × 16 `factors` is added to the panel `out`. */
  readonly multiplyAdd: (left: Float32Array, factors: Float32Array, out: Float32Array) => void;
}

/** As far as it is used here; Node's types leave it out. */
declare const WebAssembly: {
  readonly validate: (code: Uint8Array) => boolean;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly gather: (rows: number, starts: number, columns: number, scale: number, input: number, out: number) => void;
  readonly gram: (rows: number, left: number, right: number, out: number) => void;
  readonly multiplyAdd: (rows: number, left: number, factors: number, out: number) => void;
}

const pageBytes = 65_536;
const rowBytes = lanes * Float32Array.BYTES_PER_ELEMENT;

/**
 * A kernel whose arrays have `bytes` together: with SIMD where the machine has it.
 *
 * @throws RangeError where that much memory cannot be had
 */
export function kernelOf(bytes: number): Kernel {
  const simd = simdModule();
  return simd === undefined ? plainKernel(bytes) : simdKernel(simd, bytes);
}

let compiled: object | null | undefined;
function simdModule(): object | undefined {
  if (compiled === undefined) {
    const code = compile(readFileSync(new URL("kernel.wat", import.meta.url), "utf8"));
    // Processors without it refuse to compile the module.
    compiled = WebAssembly.validate(code) ? new WebAssembly.Module(code) : null;
  }
  return compiled ?? undefined;
}

function simdKernel(module: object, bytes: number): Kernel {
  const instance = new WebAssembly.Instance(module);
  const { memory, gather, gram, multiplyAdd } = instance.exports as Exports; // As kernel.wat exports them.
  memory.grow(Math.ceil(bytes / pageBytes));
  return {
    ...arraysIn(memory.buffer),
    gather: ({ starts, columns }, scale, input, out) =>
      gather(
        starts.length - 1,
        starts.byteOffset,
        columns.byteOffset,
        scale.byteOffset,
        input.byteOffset,
        out.byteOffset,
      ),
    gram: (leftPanel, rightPanel, from, to, out) =>
      gram(to - from, leftPanel.byteOffset + from * rowBytes, rightPanel.byteOffset + from * rowBytes, out.byteOffset),
    multiplyAdd: (panel, factors, out) =>
      multiplyAdd(panel.length / lanes, panel.byteOffset, factors.byteOffset, out.byteOffset),
  };
}

/** The same without SIMD; results differ by rounding alone. */
export function plainKernel(bytes: number): Kernel {
  return { ...arraysIn(new ArrayBuffer(bytes + pageBytes)), gather, gram, multiplyAdd };
}

/** Allocates arrays one after the other, each aligned to 64 bytes. */
function arraysIn(buffer: ArrayBufferLike): Pick<Kernel, "floats" | "ints"> {
  let at = 0;
  const place = (length: number): number => {
    const begin = at;
    at = Math.ceil((at + length * 4) / rowBytes) * rowBytes;
    return begin;
  };
  return {
    floats: (length) => new Float32Array(buffer, place(length), length),
    ints: (values) => {
      const copy = new Int32Array(buffer, place(values.length), values.length);
      copy.set(values);
      return copy;
    },
  };
}

const gather: Kernel["gather"] = ({ starts, columns }, scale, input, out) => {
  const sums = new Float64Array(lanes);
  for (let row = 0; row + 1 < starts.length; row++) {
    sums.fill(0);
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++) {
      const from = (columns[at] ?? 0) * lanes;
      for (let lane = 0; lane < lanes; lane++) sums[lane] = (sums[lane] ?? 0) + (input[from + lane] ?? 0);
    }
    const by = scale[row] ?? 0;
    for (let lane = 0; lane < lanes; lane++) out[row * lanes + lane] = (sums[lane] ?? 0) * by;
  }
};

const gram: Kernel["gram"] = (leftPanel, rightPanel, from, to, out) => {
  const sums = new Float64Array(lanes * lanes);
  for (let row = from * lanes; row < to * lanes; row += lanes)
    for (let leftLane = 0; leftLane < lanes; leftLane++) {
      const by = leftPanel[row + leftLane] ?? 0;
      for (let rightLane = 0; rightLane < lanes; rightLane++) {
        const at = leftLane * lanes + rightLane;
        sums[at] = (sums[at] ?? 0) + by * (rightPanel[row + rightLane] ?? 0);
      }
    }
  out.set(sums);
};

const multiplyAdd: Kernel["multiplyAdd"] = (panel, factors, out) => {
  const sums = new Float64Array(lanes);
  for (let row = 0; row < panel.length; row += lanes) {
    for (let outLane = 0; outLane < lanes; outLane++) sums[outLane] = out[row + outLane] ?? 0;
    for (let lane = 0; lane < lanes; lane++) {
      const by = panel[row + lane] ?? 0;
      for (let outLane = 0; outLane < lanes; outLane++)
        sums[outLane] = (sums[outLane] ?? 0) + by * (factors[lane * lanes + outLane] ?? 0);
    }
    for (let outLane = 0; outLane < lanes; outLane++) out[row + outLane] = sums[outLane] ?? 0;
  }
};
