import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./child.ts";
import { failing, linesOf, type Line, type Tally, tallyOf } from "./tally.ts";

/** The result of a piece of work: a group of test files, the checks, or a program. */
export interface Result {
  readonly tally: Tally;
  readonly seconds: number;
  /** The CPU time of the whole process tree. */
  readonly cpuSeconds: number;
  readonly files: readonly FileCost[];
  /** Its output. */
  readonly output: string;
  /** A remark although it is no failure. */
  readonly note?: string | undefined;
}

export interface FileCost {
  readonly file: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly tests: number;
}

export interface ItemSettings {
  readonly root: string;
  /** The folder for files of this item alone. */
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends a test that hangs. */
  readonly testMs: number;
  /** Only tests whose titles contain this. */
  readonly grep?: string | undefined;
  /** Ends the item with the run. */
  readonly signal: AbortSignal;
  /** How long a process whose tests are done may go on; 15 s unless a test is less patient. */
  readonly endMsMax?: number;
  /** How much longer than the longest test it may report nothing; a minute unless a test is less patient. */
  readonly silenceMs?: number;
}

/** Runs test files one after the other in a process of their own. */
export async function runFiles(files: readonly string[], settings: ItemSettings): Promise<Result> {
  const { root, scratch, signal, endMsMax = 15_000, silenceMs = 60_000 } = settings;
  await mkdir(scratch, { recursive: true });
  // As every folder for temporary files: some tests run a server as another user.
  await chmod(scratch, 0o1777);
  const result = join(scratch, "tally.jsonl");
  const lines = (): Line[] => (existsSync(result) ? linesOf(readFileSync(result, "utf8")) : []);
  using watch = watchEnd(lines, { files: files.length, endMsMax, silentMsMax: settings.testMs + silenceMs });
  const { code, output, seconds, cpuSeconds } = await run(
    process.execPath,
    [
      `--test-timeout=${settings.testMs}`,
      ...(settings.grep === undefined ? [] : [`--test-name-pattern=${patternOf(settings.grep)}`]),
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      "--test-reporter=./scripts/test/tally.ts",
      `--test-reporter-destination=${result}`,
      "scripts/test/entry.ts",
      ...files,
    ],
    {
      seconds: Number.POSITIVE_INFINITY,
      shows: false,
      cwd: root,
      env: { ...settings.env, TMPDIR: scratch },
      signal: AbortSignal.any([signal, watch.signal]),
      began: (pid) => watch.see(pid),
    },
  );
  const all = lines();
  await rm(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  const costs = costsOf(all);
  const ending = signal.aborted ? "ended with the run" : watch.verdict;
  const tally = judge({ code, lines: all, files: settings.grep === undefined ? files : [], ending, output });
  // A process of one file knows the cost of its children as well.
  const whole = costs.length === 1 ? costs.map((cost) => ({ ...cost, seconds, cpuSeconds })) : costs;
  const { note } = watch;
  // An item that was ended has reported only the costs of its files.
  const sum = cpuSeconds || costs.reduce((all, cost) => all + cost.cpuSeconds, 0);
  return { tally, seconds, cpuSeconds: sum, files: whole, output, note };
}

/**
 * The result of an item that failed beside others and ran again alone. If it passes then, the first failure stays in
 * sight: it is a race in a page or in its test. Pure.
 */
export function settleRerun(first: Result, second: Result): Result {
  const cpuSeconds = first.cpuSeconds + second.cpuSeconds;
  if (second.tally.failed > 0) return { ...first, cpuSeconds };
  return {
    ...second,
    cpuSeconds,
    note: `unsteady: it passed alone, and failed before\n${first.tally.failures.join("\n")}`,
  };
}

interface Attempt {
  readonly code: number | null;
  readonly lines: readonly Line[];
  /** Files that must have come to their end, with a test each. */
  readonly files: readonly string[];
  /** How it was ended from outside; undefined where it ended by itself, or where only Node was at fault. */
  readonly ending: string | undefined;
  readonly output: string;
}

/**
 * The lines shown of the end of the output, if no test failed. They name a failed hook, or an error that was thrown
 * after all tests.
 */
const outputLinesShown = 30;

/** The tally of a work item's process. Pure. */
export function judge({ code, lines, files, ending, output }: Attempt): Tally {
  const { tally, unended } = tallyOf(lines);
  if (ending !== undefined)
    return failing(tally, `${files.join(", ")}: ${ending}${unended.length > 0 ? `, in ${unended.join("; ")}` : ""}`);
  const costs = costsOf(lines);
  const cut = files.find((file) => !costs.some((cost) => cost.file === file));
  if (cut !== undefined) return failing(tally, `${cut}: its process ended with ${code} before its tests did`);
  const said = new Set(lines.flatMap((line) => (line.kind !== "file" && "file" in line ? [line.file] : [])));
  const empty = files.find((file) => !said.has(file));
  if (empty !== undefined) return failing(tally, `${empty}: it declares no test`);
  if (code !== 0 && code !== null && tally.failed === 0)
    return failing(
      tally,
      [`${files.join(", ")}: its process ended with ${code}`, ...output.split("\n").slice(-outputLinesShown)].join(
        "\n",
      ),
    );
  return tally;
}

function costsOf(lines: readonly Line[]): FileCost[] {
  const tests = new Map<string, number>();
  for (const line of lines)
    if (line.kind === "passed" || line.kind === "failed") tests.set(line.file, (tests.get(line.file) ?? 0) + 1);
  return lines.flatMap((line) =>
    line.kind === "file"
      ? [{ file: line.file, seconds: line.seconds, cpuSeconds: line.cpuSeconds, tests: tests.get(line.file) ?? 0 }]
      : [],
  );
}

/** Words of a title. A file's path is part of full names, and does not count. */
const patternOf = (words: string): string =>
  `/${words.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?!\\S*\\.test\\.tsx?)/i`;

interface Watched {
  readonly files: number;
  readonly endMsMax: number;
  readonly silentMsMax: number;
}

/**
 * Ends a process that goes on for so long after its tests are done. It also ends one that reports nothing for longer
 * than a test may take: Node ends no test that never leaves the processor.
 */
function watchEnd(lines: () => readonly Line[], { files, endMsMax, silentMsMax }: Watched) {
  const ended = new AbortController();
  let verdict: string | undefined;
  let note: string | undefined;
  let doneMs: number | undefined;
  let shell: number | undefined;
  let last = { count: 0, atMs: performance.now() };
  const look = setInterval(() => {
    if (doneMs === undefined) {
      const said = lines();
      if (said.length !== last.count) last = { count: said.length, atMs: performance.now() };
      if (said.filter(({ kind }) => kind === "file").length === files) doneMs = performance.now();
      else if (performance.now() - last.atMs > silentMsMax) {
        verdict = `no test came to its end for ${Math.round(silentMsMax / 1_000)} s`;
        ended.abort();
      }
    } else if (performance.now() - doneMs > endMsMax) {
      if (isInFutex(shell))
        note = "ended after its tests: Node's own threads waited for each other (nodejs/node#54918)";
      else verdict = `its tests were done ${Math.round(endMsMax / 1_000)} s ago and its process did not end`;
      ended.abort();
    }
  }, 1_000);
  return {
    signal: ended.signal,
    see: (pid: number) => void (shell = pid),
    /** The failure of the file, where it was ended. */
    get verdict() {
      return verdict;
    },
    get note() {
      return note;
    },
    [Symbol.dispose]: () => clearInterval(look),
  };
}

function isInFutex(shell: number | undefined): boolean {
  try {
    const [pid = ""] = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").trim().split(" ");
    return readFileSync(`/proc/${pid}/wchan`, "utf8").includes("futex");
  } catch {
    return false;
  }
}
