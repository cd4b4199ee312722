import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { provideTools } from "./test/tools.ts";

/*
 * Runs the suites that ask a whole product by its ports in each topology: the documented API, the matrix of permissions,
 * and walks through pages. `engines` is the nine processes with Redis, NATS and S3; `two` is two processes of each service.
 */
const suites = [
  "test/contract/rows.test.ts",
  "test/security/ownership/cross-account.test.ts",
  "test/e2e/search.slow.test.ts",
  "test/e2e/playback/playback.slow.test.ts",
  "test/e2e/playback/viewer.slow.test.ts",
  "test/e2e/live/live-webrtc.test.ts",
  "test/e2e/accounts/session.slow.test.ts",
  "test/e2e/accounts/inbox.slow.test.ts",
];
const runs: Readonly<Record<string, { readonly files: readonly string[]; readonly env: Record<string, string> }>> = {
  one: { files: suites, env: { KINORA_TEST_TOPOLOGY: "one" } },
  three: { files: suites, env: { KINORA_TEST_TOPOLOGY: "three" } },
  nine: { files: suites, env: { KINORA_TEST_TOPOLOGY: "nine" } },
  engines: { files: suites, env: { KINORA_TEST_TOPOLOGY: "nine", KINORA_TEST_ENGINES: "on" } },
  all: { files: suites, env: { KINORA_TEST_TOPOLOGY: "all" } },
  two: { files: ["test/deployment/two-of-each.adapter.test.ts"], env: {} },
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(runs);
const unknown = names.filter((name) => !Object.hasOwn(runs, name));
if (unknown.length > 0) {
  console.error(`kinora: there is no run ${unknown.join(" or ")}; runs are ${Object.keys(runs).join(", ")}`);
  process.exit(2);
}
// The suites of the other runs name the tools they need themselves.
if (names.includes("engines")) provideTools(["redis-server", "nats"], (line) => console.log(line));
const sums: string[] = [];
let failures = 0;
for (const name of names) {
  const { files, env } = runs[name] ?? { files: [], env: {} };
  console.log(`\n# ${name}`);
  const { stdout, status } = spawnSync(process.execPath, [join(import.meta.dirname, "test.ts"), "test", ...files], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 26,
  });
  process.stdout.write(stdout);
  if (status !== 0) failures += 1;
  sums.push(`${name}: ${stdout.trimEnd().split("\n").at(-1) ?? "no result"}`);
}
console.log(`\n${sums.join("\n")}`);
process.exitCode = failures > 0 ? 1 : 0;
