import type { Tool } from "./tools.ts";

/** Which of the two commands runs a suite: on every change, or only where there is more time. */
type Command = "test" | "test:ci";
export interface Suite {
  readonly name: "check" | "unit" | "browser" | "slow" | "fault" | "supply" | "fresh";
  readonly command: Command;
  /** What it runs: the checks, test files (a suite that must have some and has none fails), or a script. */
  readonly runs:
    | { readonly kind: "checks" }
    | { readonly kind: "files"; readonly globs: readonly string[]; readonly isRequired: boolean }
    | { readonly kind: "script"; readonly file: string; readonly args: readonly string[] };
  /** Without these it is skipped, by name. */
  readonly tools: readonly Tool[];
  /** It opens pages, so the web app is built first. */
  readonly opensPages?: true;
  /** It says nothing about disks: what it writes may be in memory. */
  readonly inMemory?: true;
}

/** Every suite there is. Their time budgets, in seconds, are in test/budget.json. */
export const suites: readonly Suite[] = [
  { name: "check", command: "test", runs: { kind: "checks" }, tools: [] },
  {
    name: "unit",
    command: "test",
    runs: {
      kind: "files",
      globs: [
        "{src,scripts,web/src}/**/!(*.slow).test.ts",
        "test/!(*.slow).test.ts",
        "test/{compatible,contract,security}/!(*.slow).test.ts",
      ],
      isRequired: true,
    },
    tools: ["ffmpeg"],
    inMemory: true,
  },
  {
    name: "browser",
    command: "test",
    runs: { kind: "files", globs: ["test/e2e/!(*.slow).test.ts"], isRequired: true },
    tools: ["chromium", "ffmpeg", "ffprobe", "cjk-font"],
    opensPages: true,
    inMemory: true,
  },
  {
    name: "slow",
    command: "test:ci",
    runs: { kind: "files", globs: ["{src,test}/**/*.slow.test.ts"], isRequired: true },
    tools: ["chromium", "ffmpeg", "ffprobe", "cjk-font"],
    opensPages: true,
    inMemory: true,
  },
  {
    name: "fault",
    command: "test:ci",
    runs: { kind: "files", globs: ["test/fault/*.test.ts"], isRequired: false },
    tools: ["ffmpeg"],
    opensPages: true,
  },
  {
    name: "supply",
    command: "test:ci",
    runs: { kind: "script", file: "scripts/supply.ts", args: ["online"] },
    tools: [],
  },
  {
    name: "fresh",
    command: "test:ci",
    runs: { kind: "script", file: "scripts/fresh-clone-test.sh", args: ["--start-only"] },
    tools: [],
  },
];
