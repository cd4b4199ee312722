import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = join(import.meta.dirname, "../../api/thrift");

it("every file of api/thrift compiles with the compiler of Apache Thrift, for five languages", async () => {
  const output = await mkdtemp(join(tmpdir(), "kinora-thrift-"));
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".thrift"));
    assert.ok(names.length > 20, String(names.length));
    for (const name of names)
      await run("thrift", [...languages.flatMap((language) => ["--gen", language]), "-o", output, join(folder, name)]);
    const written = await readdir(output);
    assert.equal(written.length, languages.length, written.join());
  } finally {
    await rm(output, { recursive: true });
  }
});

const languages = ["go", "java", "py", "js:node", "cpp"];
