import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startPostgres } from "#kernel/postgres";
import { run } from "./child.ts";
import { afterBoth, isAnswer, worthAnother } from "./second-try.ts";
import { failing, type Line, linesOf, type Tally, tallied } from "./tally.ts";

/** Two at a time: enough to keep two cores busy, few enough that time limits hold. */
const filesAtOnce = 2;
/** Test databases are thrown away, so they need not survive a crash; suites about crashes start their own. */
const careless = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "400" };

interface Settings {
  readonly root: string;
  /** Where tests write. */
  readonly scratch: string;
  /** How long all of it may take, a second try included. */
  readonly seconds: number;
  /** Ends a test that hangs. */
  readonly testMs: number;
  /** What drives a browser is tried again when it fails (docs/adr/018). */
  readonly hasSecondTry: boolean;
}

interface Attempt {
  /** Null: it was ended for taking too long. */
  readonly code: number | null;
  readonly lines: readonly Line[];
}

/** Runs test files on a PostgreSQL of their own. */
export async function runFiles(files: readonly string[], settings: Settings): Promise<Tally> {
  const endsMs = performance.now() + settings.seconds * 1_000;
  await using postgres = await startPostgres(join(settings.scratch, "all"), careless);
  const attempt = async (those: readonly string[], atOnce: number, name: string): Promise<Attempt> => {
    const result = join(settings.scratch, name);
    const { code } = await run(
      process.execPath,
      [
        "--test",
        // A file whose tests are over and that does not end would hold up all others until the time budget is gone.
        "--test-force-exit",
        `--test-concurrency=${atOnce}`,
        `--test-timeout=${settings.testMs}`,
        "--test-reporter=spec",
        "--test-reporter-destination=stdout",
        "--test-reporter=./scripts/test/tally.ts",
        `--test-reporter-destination=${result}`,
        ...those,
      ],
      {
        seconds: (endsMs - performance.now()) / 1_000,
        cwd: settings.root,
        env: { TMPDIR: settings.scratch, KINORA_TEST_POSTGRES: postgres.socket },
      },
    );
    return { code, lines: existsSync(result) ? linesOf(await readFile(result, "utf8")) : [] };
  };

  const first = await attempt(files, filesAtOnce, "tally.jsonl");
  const again = settings.hasSecondTry && first.code !== null ? worthAnother(first.lines, files) : [];
  if (again.length === 0) return judged(first);
  console.log(`\n# once more, alone: ${again.join(", ")}`);
  const second = await attempt(again, 1, "again.jsonl");
  if (second.code === 0 && isAnswer(second.lines, again)) return afterBoth(first.lines, second.lines, again);
  const { failures } = judged(second);
  const tally = judged(first);
  return { ...tally, failures: [...tally.failures, ...failures.map((how) => `again: ${how}`)] };
}

/** What one attempt comes to. Pure. */
function judged({ code, lines }: Attempt): Tally {
  const { tally, unended } = tallied(lines);
  if (code === null) return failing(tally, `its tests were ended for taking too long, in ${unended.join("; ")}`);
  // A file that cannot even be loaded, or a set-up that failed, may leave no failed test behind.
  const isWhole = tally.failed > 0 || (code === 0 && tally.passed > 0);
  return isWhole ? tally : failing(tally, `its tests ended with ${code}, ${tally.passed} of them passed`);
}
