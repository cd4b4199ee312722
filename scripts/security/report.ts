/** A promise about security, as docs/promises.md states it. */
export interface Requirement {
  readonly number: string;
  readonly text: string;
}

/** A test whose title names promises. */
export interface Proof {
  readonly file: string;
  readonly title: string;
  readonly numbers: readonly string[];
}

/** The promises about security of the document, in its order. Pure. */
export const requirementsIn = (promises: string): Requirement[] =>
  [...promises.matchAll(/^\| (S\d+\.\d+) \| (.+) \|$/gm)].map(([, number = "", text = ""]) => ({ number, text }));

/** The tests and groups of a file whose titles end with numbers of promises. Pure. */
export function proofsIn(file: string, source: string): Proof[] {
  const titles = source.matchAll(/\b(?:it|describe)\(\s*(["'`])((?:(?!\1)[^\\\n]|\\.)*)\1/g);
  return [...titles].flatMap(([, , title = ""]) => {
    const list = /\(((?:[DFRS]\d[\d.]*)(?:, [DFRS]\d[\d.]*)*)\)$/.exec(title)?.[1];
    const numbers = list?.split(", ").filter((number) => number.startsWith("S")) ?? [];
    return numbers.length === 0 ? [] : [{ file, title, numbers }];
  });
}

/** The titles of failed tests, by `file: title`, in the output of a run. Pure. */
export function failuresIn(output: string): ReadonlySet<string> {
  const [, failed = ""] = output.split("# what failed");
  const lines = failed.matchAll(/^✖ \w+: (.*?)(?: \(([^()\s]+)\))?$/gm);
  return new Set([...lines].map(([, title = "", file = ""]) => `${file}: ${title}`));
}

/** `missing`: no test names the promise. */
export type Outcome = "passed" | "failed" | "missing" | "not run";

export interface ReportRow {
  readonly requirement: Requirement;
  readonly outcome: Outcome;
  readonly proofs: readonly Proof[];
}

/** Each promise with its tests and their result; `failures` is undefined where nothing was run. Pure. */
export const rowsOf = (
  requirements: readonly Requirement[],
  proofs: readonly Proof[],
  failures: ReadonlySet<string> | undefined,
): ReportRow[] =>
  requirements.map((requirement) => {
    const ownProofs = proofs.filter(({ numbers }) => numbers.includes(requirement.number));
    return { requirement, proofs: ownProofs, outcome: outcomeOf(ownProofs, failures) };
  });

function outcomeOf(proofs: readonly Proof[], failures: ReadonlySet<string> | undefined): Outcome {
  if (proofs.length === 0) return "missing";
  if (!failures) return "not run";
  return proofs.some((proof) => isFailed(proof, failures)) ? "failed" : "passed";
}

/** A title of a template has a value in each of its places. */
function isFailed({ file, title }: Proof, failures: ReadonlySet<string>): boolean {
  const parts = title.replaceAll(/\\(.)/g, "$1").split(/\$\{[^}]*\}/);
  const pattern = new RegExp(
    `^${parts.map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join(".*")}$`,
  );
  return [...failures].some((line) => line.startsWith(`${file}: `) && pattern.test(line.slice(file.length + 2)));
}

/** The report as lines of text. Pure. */
export function linesOf(rows: readonly ReportRow[]): string[] {
  const lines = rows.flatMap(({ requirement: { number, text }, outcome, proofs }) => [
    `${number.padEnd(5)} ${outcome.padEnd(8)} ${text}`,
    ...proofs.map(({ file, title }) => `${" ".repeat(15)}${file}: ${title}`),
  ]);
  const count = (outcome: Outcome) => rows.filter((row) => row.outcome === outcome).length;
  const sums = (["passed", "failed", "missing", "not run"] as const).filter((outcome) => count(outcome) > 0);
  return [...lines, "", sums.map((outcome) => `${count(outcome)} ${outcome}`).join(", ")];
}
