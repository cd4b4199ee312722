import { join } from "node:path";
import { checkNames, runChecks } from "./test/checks/checks.ts";

const usage = `npm run check -- [NAME…]

The checks without the tests: ${checkNames.join(", ")}; all of them, or those that are named. They run side by side.
A second run looks at what changed since the first.

Exit codes: 0 all passed · 1 some failed · 2 wrong arguments`;

/** A check that takes longer hangs. */
const secondsMax = 1_200;
const words = process.argv.slice(2);
const unknown = words.filter((word) => !checkNames.includes(word));
if (words.includes("--help") || words.includes("-h")) console.log(usage);
else if (unknown.length > 0) {
  console.error(`there is no check ${unknown.join(", ")}; checks are ${checkNames.join(", ")}`);
  process.exitCode = 2;
} else {
  const { tally } = await runChecks(join(import.meta.dirname, ".."), secondsMax, words.length > 0 ? words : checkNames);
  const { passed, failed } = tally;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
