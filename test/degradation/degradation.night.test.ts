import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { measureDegradation } from "./degradation.ts";
import { degradationDocument } from "./document.ts";

/** A cache may have an answer that is whole, where another run finds parts of it absent. */
const refusalsOf = (document: string): string =>
  (document.split("## Every answer")[1] ?? "").replaceAll("| less ", "| · ");

it("answers each entry point as docs/degradation.md says, without each of the services", {
  timeout: 1_800_000,
}, async () => {
  const written = await readFile(join(import.meta.dirname, "../../docs/degradation.md"), "utf8");
  assert.equal(refusalsOf(degradationDocument(await measureDegradation())), refusalsOf(written));
});
