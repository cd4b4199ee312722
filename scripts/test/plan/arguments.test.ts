import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { parse, RequestError } from "./arguments.ts";
import { plan } from "./plan.ts";

const root = join(import.meta.dirname, "../../..");
const suitesOf = (command: string, ...words: string[]) => parse(command, words).suites.map(({ name }) => name);

it("npm test runs all suites by default, and the long ones only at night", () => {
  const all = ["check", "unit", "components", "adapters", "browser", "slow", "fault", "supply"];
  assert.deepEqual(suitesOf("test"), all);
  assert.deepEqual(suitesOf("test:nightly"), [...all, "fresh", "night", "long"]);
  assert.deepEqual(suitesOf("test", "unit", "check"), ["check", "unit"]);
  assert.deepEqual(suitesOf("check"), ["check"]);
});

it("npm run abuse runs the attacks in their long form, from a seed", async () => {
  const request = parse("abuse", ["7"]);
  assert.deepEqual([request.isNightly, request.isPart, request.seed, parse("abuse", []).seed], [true, true, 7, 1]);
  const files = (await plan(root, request)).flatMap((item) => item.files);
  for (const file of [
    "test/security/ownership/cross-account.test.ts",
    "test/security/hostile.slow.test.ts",
    "test/security/smuggling.test.ts",
    "test/e2e/payloads.test.ts",
    "src/kernel/http/json.test.ts",
    "src/kernel/outgoing/guarded-targets.test.ts",
    "src/gateway/live/room/socket-frames.test.ts",
    "src/services/live/stage/ingest/strangers.test.ts",
    "src/services/live/room/moderation/text-gate.test.ts",
  ])
    assert.ok(files.includes(file), `${file} is not among ${files.join(" ")}`);
  for (const word of ["x", "-1", "1.5", "12345678901"]) assert.throws(() => parse("abuse", [word]), RequestError);
});

it("finds files by the beginning of their path and by the words of their titles", async () => {
  const files = async (...words: string[]) => (await plan(root, parse("test", words))).flatMap((item) => item.files);
  assert.deepEqual(await files("./src/kernel/text"), ["src/kernel/text.test.ts"]);
  assert.deepEqual(await files("scripts/", "--grep", "finds files by the beginning"), [
    "scripts/test/plan/arguments.test.ts",
  ]);
});

it("an unknown suite, flag, path or title is refused with the possible names", async () => {
  const refusal = async (...words: string[]) => {
    try {
      await plan(root, parse("test", words));
    } catch (error) {
      assert.ok(error instanceof RequestError);
      return error.message;
    }
    return "";
  };
  assert.match(await refusal("units"), /^there is no suite units; suites are check, unit, components, adapters,/);
  assert.match(await refusal("--only"), /^there is no flag --only; flags are --grep WORDS, --help$/);
  assert.match(await refusal("--grep"), /^--grep needs words/);
  assert.match(await refusal("src/nowhere"), /^no test file begins with src\/nowhere; suites of files are unit,/);
  // Put together, for else this file has the words.
  const words = ["qw", "xyzzy"].join("");
  assert.match(await refusal("--grep", words), new RegExp(`^no test file has a test whose title contains “${words}”`));
});
