import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { complaints, readLock } from "./supply/lock.ts";
import { checkVulnerabilities, checkBom, npm, sbom, checkSignatures } from "./supply/registry.ts";

/*
 * The supply gate (npm run check): every package has its hash in the lockfile, runs no install script that was not
 * reviewed, and has a licence that fits. Ends with 1 and the list of what does not hold.
 *
 *   npm run supply              also what needs a registry: known vulnerabilities, signatures; and the bill of materials
 *   npm run supply -- FILE      writes the bill of materials (CycloneDX) there
 */
const root = join(import.meta.dirname, "..");
const [mode, file] = process.argv.slice(2);
const lock = await readLock();
const problems = complaints(lock);
for (const line of problems) console.error(`not ok - ${line}`);
if (problems.length > 0) process.exitCode = 1;
else console.log(`ok - ${lock.packages.length} packages: hashes, install scripts and licences are in order`);

if (mode === "online") {
  const bill = await npm(sbom, root);
  const verdicts = [
    checkBom(bill, lock.packages),
    checkVulnerabilities(await npm(["audit", "--omit=dev", "--json"], root)),
    checkSignatures(await npm(["audit", "signatures", "--json"], root)),
  ];
  const marks = { ok: "ok -", bad: "not ok -", unasked: "# not asked:" } as const;
  for (const { name, state, says } of verdicts) console.log(`${marks[state]} ${name}: ${says}`);
  if (verdicts.some(({ state }) => state === "bad")) process.exitCode = 1;
  if (file !== undefined) await writeFile(file, bill);
  console.log("end of supply");
}
