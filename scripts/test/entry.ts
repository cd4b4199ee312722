import { resolve } from "node:path";
import { after, describe } from "node:test";
import { pathToFileURL } from "node:url";
import { exitProcess, exitWhenDone } from "../../src/kernel/process/process-exit.ts";
import { closeShared } from "./shared.ts";

/*
 * The program of a work item: runs test files one after the other. Each is a suite that bears its path, so that its
 * root-level hooks are its own, and so that every result names its file.
 *
 *   node scripts/test/entry.ts FILE…
 */

/** How long what a file has opened may keep this process alive after its tests. */
const isSearch = process.execArgv.some((flag) => flag.startsWith("--test-name-pattern"));
const endMsMax = isSearch ? 500 : 10_000;

// node:test takes the first end to report what there is to report, and comes to a second one.
process.once("beforeExit", () => {
  setImmediate(() => undefined);
  exitWhenDone();
});
const files = process.argv.slice(2);
const page = files.some((file) => file.endsWith(".tsx")) ? await import("../../web/testing/dom.ts") : undefined;
for (const file of files)
  await describe(file, async () => {
    await import(pathToFileURL(resolve(file)).href);
    if (file === files.at(-1)) after(closeShared);
  });
// A search for words of titles may run no hook of the last file.
await closeShared();
await page?.closePage();
setTimeout(() => {
  // A file none of whose tests has the words that are looked for runs no hook that would close what it opens.
  if (isSearch) return exitProcess(Number(process.exitCode ?? 0));
  console.error(`its tests are done and it does not end: ${process.getActiveResourcesInfo().join(", ")} still open`);
  exitProcess(70);
}, endMsMax).unref();
