import { glob } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "node:test";
import { pathToFileURL } from "node:url";
import { partitionsVariable } from "#kernel/host/testing";

const root = join(import.meta.dirname, "../..");

/**
 * Runs these test files over tables with 8 hash partitions each. All are imported first: the deadlines of calls that a file
 * makes for all its tests begin then, so a process has a few minutes of tests.
 */
export async function runOverPartitions(...patterns: readonly string[]): Promise<void> {
  process.env[partitionsVariable] = "8";
  const files = await Array.fromAsync(glob([...patterns], { cwd: root }));
  if (files.length === 0) throw new Error(`there is no test file ${patterns.join(", ")}`);
  for (const file of files.toSorted())
    await describe(`${file} over hash partitions`, async () =>
      void (await import(pathToFileURL(join(root, file)).href)));
}
