import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";

const root = join(import.meta.dirname, "../..");
const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { scripts: object }; // npm's file.
const commands = Object.entries(scripts).flatMap(([name, line]) =>
  String(line).includes("bootstrap.mjs") ? [name] : [],
);
/** They run suites; their runner explains them. */
const explained = commands.filter((name) => !["test", "test:nightly"].includes(name));

it("package.json has more than ten scripts that run the bootstrap", () =>
  assert.ok(explained.length > 10, explained.join(" ")));

for (const name of explained)
  it(`prints the help of ${name} for --help and exits with 0`, async () => {
    const { code, stdout, stderr } = await run(name, "--help");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(
      stdout,
      name === "start" ? /^Usage: npm start/ : new RegExp(`^(?:npm run |kinora |scripts/)${name}\\b`),
    );
  });

for (const [args, sentence] of [
  [["nothing"], /^kinora: there is no command nothing; commands are start, dev, /],
  [["bench", "nothing"], /^kinora: there is no measurement nothing: .*\brest\b/],
  [["generate", "--nothing"], /^kinora: there is no flag --nothing\n\nnpm run generate/],
  [["check", "nothing"], /^there is no check nothing; checks are types, /],
  [["doctor", "--hashes"], /^--hashes do not go together/],
  [["dev", "--nothing"], /^--nothing: there is no such flag/],
] as const)
  it(`explains the wrong arguments "${args.join(" ")}" without a stack trace and exits with 2`, async () => {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });

function run(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, "scripts/bootstrap.mjs"), ...args], { cwd: root });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}
