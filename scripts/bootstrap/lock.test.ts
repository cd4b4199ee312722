import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { alone } from "./lock.mjs";
import { readNote, writeNote } from "./note.mjs";

describe("the lock of a checkout", () => {
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "kinora-lock-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  it("names its holder during the work and is removed afterwards", async () => {
    const note = await alone(() => readFile(join(home, "lock/pid"), "utf8"), home);
    assert.equal(note.split(" ")[0], String(process.pid));
    assert.deepEqual(await readdir(home), []);
  });

  it("is taken over from a process that has ended, even if its process id is now our own", async () => {
    for (const left of [String(2 ** 22 + 1), String(process.pid), `${process.pid} 1`]) {
      await leave(left);
      assert.equal(await alone(async () => "done", home), "done", left);
    }
  });

  it("is taken over when another process has the process id of its holder", {
    skip: process.platform !== "linux",
  }, async () => {
    await leave(`${process.ppid} 1`);
    assert.equal(await alone(async () => "done", home), "done");
  });

  it("is waited for while its holder runs", async () => {
    await leave(String(process.ppid));
    let isDone = false;
    const work = alone(async () => void (isDone = true), home);
    assert.equal(await Promise.race([work, readFile(join(home, "lock/pid"), "utf8")]), String(process.ppid));
    assert.equal(isDone, false);
    await rm(join(home, "lock"), { recursive: true });
    await work;
    assert.ok(isDone);
  });
});

describe("the bootstrap's note file", () => {
  it("is read back as written, and as empty when it is missing or damaged", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-note-"));
    try {
      const file = join(folder, "new/note.json");
      assert.deepEqual(await readNote(file), {});
      await writeNote(file, { key: "a" });
      assert.deepEqual(await readNote(file), { key: "a" });
      assert.deepEqual(await readdir(join(folder, "new")), ["note.json"]);
      for (const damaged of ["", '{"key":', "null"]) {
        await writeFile(file, damaged);
        assert.deepEqual(await readNote(file), {}, damaged);
      }
      await writeNote("/dev/null/note.json", { key: "a" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

let home: string;

/** A lock whose holder left this behind. */
async function leave(pid: string): Promise<void> {
  await mkdir(join(home, "lock"));
  await writeFile(join(home, "lock/pid"), pid);
}
