import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { it } from "node:test";
import { Scratch } from "./scratch.ts";

it("a suite's scratch folder is in the temporary folder, writable for all users, and removed on disposal", async () => {
  const scratch = await Scratch.make({ inMemory: true });
  // Tests have theirs in the folder of their suite, which is named by TMPDIR.
  assert.equal(dirname(scratch.folder), tmpdir());
  assert.equal((await stat(scratch.folder)).mode & 0o7777, 0o1777);
  await mkdir(join(scratch.folder, "left/behind"), { recursive: true });
  await writeFile(join(scratch.folder, "left/behind/file"), "bytes");
  scratch[Symbol.dispose]();
  assert.ok(!existsSync(scratch.folder));
});
