import { type Suite, suites } from "./suites.ts";

/** The request for a run. */
export interface Request {
  readonly isNightly: boolean;
  readonly suites: readonly Suite[];
  /** Beginnings of test files; empty: all. */
  readonly paths: readonly string[];
  /** Words of titles. */
  readonly grep: string | undefined;
  /** True if only a part of all tests runs; the budget does not apply to it. */
  readonly isPart: boolean;
  /** The seed of generated attacks; undefined for their usual one. */
  readonly seed?: number;
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

/** The attacks: every suite about what strangers and other accounts send, in its long form. */
const attacks = [
  "test/security/",
  "test/e2e/payloads",
  "src/kernel/http/conformance",
  "src/kernel/http/json",
  "src/kernel/outgoing/",
  "src/kernel/clients/",
  "src/gateway/live/room/",
  "src/media/rtmp/",
  "src/services/live/stage/ingest/",
  "src/services/live/coins/ledger/",
  "src/services/live/room/moderation/",
  "src/services/live/stage/webrtc/",
];
const attackSuites = new Set(["unit", "browser", "slow"]);

/** Reads the words after `npm run abuse --`. Pure. @throws {RequestError} */
function parseAttacks([word = "1"]: readonly string[]): Request {
  const seed = Number(word);
  if (!/^\d{1,9}$/.test(word)) throw new RequestError(`${word} is no seed: it is a number of at most nine digits`);
  const chosen = suites.filter(({ name }) => attackSuites.has(name));
  return { isNightly: true, suites: chosen, paths: attacks, grep: undefined, isPart: true, seed };
}

/** Reads the words after `npm test --`. Pure. @throws {RequestError} */
export function parse(command: string, words: readonly string[]): Request {
  if (command === "abuse") return parseAttacks(words);
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
