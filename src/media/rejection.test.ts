import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { notices } from "./notice.ts";
import { rejections } from "./rejection.ts";

test("every reason and every notice of a file is in docs/media.md with its sentence, and no other", async () => {
  const text = await readFile(join(import.meta.dirname, "../../docs/media.md"), "utf8");
  const rows = [...text.matchAll(/^\| `(media\.\w+)` \| ([^|]+) \|/gm)].map(([, code, sentence]) => [code, sentence]);
  assert.deepEqual(rows, [...Object.entries(rejections), ...Object.entries(notices)]);
});
