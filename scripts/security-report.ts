import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { failuresIn, linesOf, proofsIn, requirementsIn, rowsOf } from "./security/report.ts";

/*
 * Prints each promise about security with the tests that prove it and their result. `--list` runs nothing. Exit code 1
 * where a promise has no test, or a test fails.
 */
const root = join(import.meta.dirname, "..");
const requirements = requirementsIn(await readFile(join(root, "docs/promises.md"), "utf8"));
const files = globSync("{src,test,web/src,scripts}/**/*.test.{ts,tsx}", { cwd: root }).toSorted();
const proofsOfFiles = await Promise.all(
  files.map(async (file) => proofsIn(file, await readFile(join(root, file), "utf8"))),
);
const proofs = proofsOfFiles.flat();
const rows = rowsOf(requirements, proofs, process.argv.includes("--list") ? undefined : run());
console.log(linesOf(rows).join("\n"));
process.exitCode = rows.some(({ outcome }) => outcome === "missing" || outcome === "failed") ? 1 : 0;

/** Runs the files of these tests; the failures among them. */
function run(): ReadonlySet<string> {
  const cited = [...new Set(proofs.map(({ file }) => file))];
  // Night files run by name as well; their slow forms stay for the night.
  const { stdout, status } = spawnSync(process.execPath, [join(root, "scripts/test.ts"), "test", ...cited], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 28,
  });
  const failures = failuresIn(stdout);
  if (status !== 0 && failures.size === 0) throw new Error(`the run ended with ${status}:\n${stdout.slice(-2_000)}`);
  return failures;
}
