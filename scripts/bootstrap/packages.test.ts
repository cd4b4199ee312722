import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";

it("the bootstrap refuses to install packages when node_modules is a symbolic link", async () => {
  const home = await mkdtemp(join(tmpdir(), "kinora-linked-"));
  try {
    await cp(join(import.meta.dirname, ".."), join(home, "own/scripts"), { recursive: true });
    for (const name of ["package.json", "package-lock.json"])
      await writeFile(
        join(home, "own", name),
        '{"name":"own","version":"1.0.0","lockfileVersion":3,"packages":{"":{}}}',
      );
    await mkdir(join(home, "others/kept"), { recursive: true });
    await symlink(join(home, "others"), join(home, "own/node_modules"));
    const { status, stderr } = spawnSync(process.execPath, [join(home, "own/scripts/bootstrap.mjs"), "test"], {
      encoding: "utf8",
    });
    assert.equal(status, 1, stderr);
    assert.match(stderr, /node_modules is a link/);
    assert.deepEqual(await readdir(join(home, "others")), ["kept"]);
  } finally {
    await rm(home, { recursive: true });
  }
});
