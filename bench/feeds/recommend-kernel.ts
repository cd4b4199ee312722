import { type Kernel, kernelOf, lanes, plainKernel } from "#services/recommend/recall/kernel";
import { median, record } from "../record.ts";
import { random } from "../words.ts";

/*
 * The inner loops of recall in WebAssembly with SIMD and in JavaScript, on a panel of 16 columns: CPU of each call.
 * `npm run bench -- recommend-kernel`.
 */
const [rows, entries, memoryBytes] = [20_000, 400_000, 16 * 2 ** 20];
const [rounds, callsEach] = [31, 5];

const perRow = entries / rows;
const starts = Int32Array.from({ length: rows + 1 }, (_, row) => row * perRow);
const columns = Int32Array.from({ length: entries }, () => Math.floor(random() * rows));
const values = Float32Array.from({ length: rows * lanes }, () => random() - 0.5);

const [simd, plain] = [kernelOf(memoryBytes), plainKernel(memoryBytes)];
if (simd.gather === plain.gather) throw new Error("this machine has no SIMD");
const [simdCalls, plainCalls] = [callsOf(simd), callsOf(plain)];

const lines = (["gather", "gram", "multiplyAdd"] as const).map((name) => {
  const [simdCosts, plainCosts]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    simdCosts.push(cpuMsOf(simdCalls[name]));
    plainCosts.push(cpuMsOf(plainCalls[name]));
  }
  const [simdMs, plainMs] = [median(simdCosts), median(plainCosts)];
  return `| ${name} | ${simdMs.toFixed(2)} ms | ${plainMs.toFixed(2)} ms | ${(plainMs / simdMs).toFixed(0)}× |`;
});
await record("recommend-kernel", [
  `${rows.toLocaleString("en")} rows, ${entries.toLocaleString("en")} entries, ${perRow} in each row. CPU of a call, median of ${rounds} rounds of ${callsEach} calls each, the two forms in turn.`,
  "",
  "| loop | WebAssembly | JavaScript | factor |",
  "|---|---|---|---|",
  ...lines,
]);

/** The three loops on the same input, in the memory of `kernel`. */
function callsOf(kernel: Kernel) {
  const sparse = { starts: kernel.ints(starts), columns: kernel.ints(columns) };
  const scale = kernel.floats(rows).fill(1 / perRow);
  const input = kernel.floats(values.length);
  input.set(values);
  const factors = kernel.floats(lanes * lanes);
  factors.set(values.subarray(0, factors.length));
  const [panel, product] = [kernel.floats(values.length), kernel.floats(lanes * lanes)];
  return {
    gather: () => kernel.gather(sparse, scale, input, panel),
    gram: () => kernel.gram(input, input, 0, rows, product),
    multiplyAdd: () => kernel.multiplyAdd(input, factors, panel),
  };
}

function cpuMsOf(call: () => void): number {
  const before = process.cpuUsage();
  for (let n = 0; n < callsEach; n++) call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / callsEach;
}
