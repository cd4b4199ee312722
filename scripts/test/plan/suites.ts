import type { Tool } from "../tools.ts";

export interface Suite {
  readonly name:
    | "check"
    | "unit"
    | "components"
    | "adapters"
    | "browser"
    | "slow"
    | "fault"
    | "supply"
    | "fresh"
    | "night"
    | "long";
  /** The work of the suite: the checks, test files (a suite without any fails), or programs. */
  readonly runs:
    | { readonly kind: "checks" }
    | { readonly kind: "files"; readonly globs: readonly string[] }
    /** Its lines begin with `ok - ` or `not ok - `, the last with `end of `. */
    | { readonly kind: "script"; readonly file: string; readonly args: readonly string[] }
    /** Each succeeds or fails as a whole. */
    | { readonly kind: "programs"; readonly files: readonly string[] };
  /** How long one of its items takes where nothing is known from an earlier run: long ones begin first. */
  readonly usualSeconds: number;
  /** Without these it is skipped, by name. */
  readonly tools: readonly Tool[];
  /** It opens pages, so the web app is built first. */
  readonly opensPages?: true;
  /** A browser and a server work for each file: their order in time differs from run to run. */
  readonly isOfPages?: true;
  /** It says nothing about disks: what it writes may be in memory. */
  readonly inMemory?: true;
  /** Its files share a process: loading their modules costs more than their tests. */
  readonly isOneProcess?: true;
  /** Only `npm run test:nightly` runs it. */
  readonly isNightly?: true;
}

/** Every suite there is. */
export const suites: readonly Suite[] = [
  { name: "check", runs: { kind: "checks" }, usualSeconds: 100, tools: [] },
  {
    name: "unit",
    runs: {
      kind: "files",
      globs: [
        "{src,demo,scripts,sdk,web/src}/**/!(*.slow|*.adapter|*.night).test.ts",
        "test/!(*.slow|*.adapter|*.night).test.ts",
        "test/!(e2e|fault)/**/!(*.slow|*.adapter|*.night).test.ts",
      ],
    },
    usualSeconds: 5,
    tools: ["ffmpeg", "bubblewrap"],
    inMemory: true,
  },
  {
    // Components of the web app in a document without a browser.
    name: "components",
    runs: { kind: "files", globs: ["web/src/**/*.test.tsx"] },
    usualSeconds: 10,
    tools: [],
    inMemory: true,
    isOneProcess: true,
  },
  {
    // The conformance suites of ports against the servers that may stand behind them.
    name: "adapters",
    runs: { kind: "files", globs: ["{src,test}/**/*.adapter.test.ts"] },
    usualSeconds: 10,
    tools: [
      "etcd",
      "pgbouncer",
      "haproxy",
      "nginx",
      "nats",
      "postgresql",
      "redis-server",
      "ffmpeg",
      "bubblewrap",
      "systemd",
      "prometheus",
      "docker-compose",
      "thrift",
    ],
    opensPages: true,
    inMemory: true,
  },
  {
    name: "browser",
    runs: { kind: "files", globs: ["test/e2e/**/!(*.slow|*.night).test.ts"] },
    usualSeconds: 50,
    tools: ["chromium", "ffmpeg", "bubblewrap", "ffprobe", "cjk-font"],
    opensPages: true,
    isOfPages: true,
    inMemory: true,
  },
  {
    name: "slow",
    runs: { kind: "files", globs: ["{src,test}/**/*.slow.test.ts"] },
    usualSeconds: 60,
    tools: ["chromium", "ffmpeg", "bubblewrap", "ffprobe", "cjk-font"],
    opensPages: true,
    isOfPages: true,
    inMemory: true,
  },
  {
    name: "fault",
    // Processes are killed, the system goes on: what it has in memory is kept as what is on its disk. The test of a full
    // disk brings a disk.
    runs: { kind: "files", globs: ["test/fault/**/!(*.slow|*.night).test.ts"] },
    usualSeconds: 110,
    tools: ["ffmpeg", "bubblewrap"],
    opensPages: true,
    inMemory: true,
  },
  {
    name: "supply",
    runs: { kind: "script", file: "scripts/supply.ts", args: ["online"] },
    usualSeconds: 90,
    tools: [],
  },
  {
    name: "fresh",
    // The first run in a browser (`test/e2e/first-run.test.ts`) and each clean checkout take most of its steps.
    runs: { kind: "script", file: "scripts/fresh-clone-test.sh", args: ["--start-only"] },
    usualSeconds: 150,
    tools: [],
    isNightly: true,
  },
  {
    // Whole walks of which other suites take every step.
    name: "night",
    runs: { kind: "files", globs: ["{src,test}/**/*.night.test.ts"] },
    usualSeconds: 90,
    tools: [
      "chromium",
      "ffmpeg",
      "bubblewrap",
      "ffprobe",
      "cjk-font",
      "nats",
      "buildah",
      "debootstrap",
      "haproxy",
      "nginx",
      "redis-server",
    ],
    opensPages: true,
    inMemory: true,
    isNightly: true,
  },
  {
    name: "long",
    runs: {
      kind: "programs",
      files: ["scripts/crash.ts", "scripts/interrupted-upload.ts", "scripts/killed-workers.ts"],
    },
    usualSeconds: 900,
    tools: ["ffmpeg", "bubblewrap"],
    opensPages: true,
    isNightly: true,
  },
];
