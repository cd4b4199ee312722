import { type Suite, suites } from "./suites.ts";

/** The request for a run. */
export interface Request {
  readonly isNightly: boolean;
  readonly suites: readonly Suite[];
  /** Beginnings of test files; empty: all. */
  readonly paths: readonly string[];
  /** Words of titles. */
  readonly grep: string | undefined;
  /** Whether only a part of all tests runs, of which the budget says nothing. */
  readonly isPart: boolean;
}

/** A request that cannot be understood; its message is one sentence for people. */
export class RequestError extends Error {}

const names = suites.filter(({ isNightly }) => isNightly !== true).map(({ name }) => name);
const suiteNames = `suites are ${names.join(", ")}`;

export const help = `npm test                            every suite: ${names.join(", ")}
npm test -- unit                    one suite, or several
npm test -- src/kernel/jobs         the test files whose path begins so
npm test -- --grep "private video"  the tests whose title contains these words
npm run test:nightly                every suite in its long form, long crash loops included

Suites, paths and --grep go together. CI=true makes a skipped suite a failure.`;

/** Reads the words after `npm test --`. Pure. @throws {RequestError} */
export function parse(command: string, words: readonly string[]): Request {
  const isNightly = command === "test:nightly";
  const all = suites.filter((suite) => isNightly || suite.isNightly !== true);
  const names: string[] = command === "check" ? ["check"] : [];
  const paths: string[] = [];
  let grep: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--grep") {
      grep = words[++at];
      if (grep === undefined || grep.trim() === "") throw new RequestError("--grep needs words of a title");
    } else if (word.startsWith("-")) throw new RequestError(`there is no flag ${word}; flags are --grep WORDS, --help`);
    else if (word.includes("/")) paths.push(word.replace(/^\.\//, ""));
    else if (all.some(({ name }) => name === word)) names.push(word);
    else throw new RequestError(`there is no suite ${word}; ${suiteNames}`);
  }
  const isOfFiles = paths.length > 0 || grep !== undefined;
  const chosen = all.filter(
    ({ name, runs }) => (names.length === 0 || names.includes(name)) && (!isOfFiles || runs.kind === "files"),
  );
  return { isNightly, suites: chosen, paths, grep, isPart: names.length > 0 || isOfFiles };
}
