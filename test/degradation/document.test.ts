import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { roleNames } from "../../cmd/services.ts";
import { entryPoints } from "./entry-points.ts";
import openapi from "../../api/openapi.json" with { type: "json" };

/** Tags whose entry points have names of their own in the document. */
const elsewhere = {
  cloudfiles: "Cloud files",
  douyin: "Douyin",
  resumable: "Resumable uploads",
  open: "Open web",
  operations: "Operation",
  mail: "message",
  runners: "transcoder",
};

it("docs/degradation.md has every service, and every entry point", async () => {
  const text = await readFile(join(import.meta.dirname, "../../docs/degradation.md"), "utf8");
  for (const name of roleNames) if (name !== "gateway") assert.match(text, new RegExp(`\\*\\*${name}\\*\\*`));
  for (const { group, name } of entryPoints) assert.ok(text.includes(`| ${group} – ${name} |`), name);
});

it("entry points have every tag of the API", () => {
  const tags = new Set(Object.values(openapi.paths).flatMap((path) => Object.values(path).flatMap(({ tags }) => tags)));
  const names: Readonly<Record<string, string>> = elsewhere;
  for (const tag of tags) {
    const has = entryPoints.some(({ group, name }) => group === names[tag] || name.startsWith(`${names[tag] ?? tag}:`));
    assert.ok(has, `no entry point of ${tag}`);
  }
});
