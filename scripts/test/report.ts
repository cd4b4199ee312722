import type { FileCost, Result } from "./item.ts";
import type { Item } from "./plan/plan.ts";

const filesShown = 40;
const round = (seconds: number): string => seconds.toFixed(1);

/** The text to print when an item is done: a line for each passing file, everything where one failed. Pure. */
export function describeItem(item: Item, result: Result): string {
  const { tally, files, output, note } = result;
  const isGood = tally.failed === 0;
  // A search for words of titles looks into files that have none.
  const lines = files
    .filter(({ tests }) => tests > 0)
    .map(
      ({ file, tests, seconds }) =>
        `${isGood ? "✔" : "·"} ${file} (${tests} ${tests === 1 ? "test" : "tests"}, ${round(seconds)} s)`,
    );
  if (files.length === 0 && isGood) lines.push(`✔ ${item.name} (${tally.passed} passed, ${round(result.seconds)} s)`);
  if (note !== undefined) lines.push(`! ${item.name}: ${note}`);
  if (!isGood)
    lines.push(`✖ ${item.name}`, output.trimEnd(), ...tally.failures.map((how) => `✖ ${how.split("\n", 1)[0]}`));
  return lines.join("\n");
}

/** The dearest files, dearest first. Pure. */
export function costTable(costs: readonly FileCost[]): string {
  const rows = costs.toSorted((a, b) => b.cpuSeconds - a.cpuSeconds).slice(0, filesShown);
  const head = "  CPU s  wall s  tests  file";
  return [
    head,
    ...rows.map(({ file, tests, seconds, cpuSeconds }) =>
      [round(cpuSeconds).padStart(7), round(seconds).padStart(7), String(tests).padStart(6), ` ${file}`].join(" "),
    ),
  ].join("\n");
}

/** The CPU time of a run against its budget. Pure. */
export function budgetLine(cpuSeconds: number, budget: number, seconds: number): string {
  const sum = `${Math.round(cpuSeconds)} of ${Math.round(budget)} CPU seconds, ${Math.round(seconds)} s`;
  return cpuSeconds > budget ? `${sum}: over budget, make tests cheaper` : sum;
}
