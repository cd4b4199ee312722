import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { sourceOf } from "../../cmd/topology/stripped-source.mjs";

describe("a source without types", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kinora-stripped-"));
  const file = join(folder, "greeting.ts");
  after(async () => {
    await rm(folder, { recursive: true });
    await rm(join(import.meta.dirname, "../../node_modules/.cache/kinora/stripped", folder), { recursive: true });
  });

  it("is the same from its copy", async () => {
    await writeFile(file, 'export const greeting: string = "hello";\n');
    const text = sourceOf(file);
    assert.match(text, /^export const greeting\s+= "hello";\n$/);
    assert.equal(sourceOf(file), text);
  });

  it("is read again after the file has changed, also to an older one", async () => {
    await writeFile(file, 'export const greeting: string = "good day";\n');
    await utimes(file, 1_000, 1_000);
    assert.match(sourceOf(file), /good day/);
  });
});
