import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The page as it is now has no violation for axe. */
export async function isAccessible(page: Page, where = page.url()): Promise<void> {
  // A page that has just been opened is empty until its first screen is drawn.
  await page.locator("main").first().waitFor();
  await page.evaluate(await axe);
  const violations = await page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })
      .then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ": " + nodes.map((node) => node.target.join(" ")).join(", ")))`,
  );
  assert.deepEqual(violations, [], where);
}
