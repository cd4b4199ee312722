import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { isNightly } from "./depth.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

describe("the recipe for a service in docs/develop.md", () => {
  before(async () => {
    copy = await mkdtemp(join(tmpdir(), "kinora-recipe-"));
    const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      maxBuffer: 2 ** 24,
    });
    const tracked = stdout
      .split("\0")
      .filter((path) => path !== "" && !/^(?:test\/media|docs\/screenshots)\//.test(path));
    for (const path of tracked) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await cp(join(root, path), join(copy, path)).catch(ignoreMissing);
    }
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
    await followRecipe();
  });
  after(() => rm(copy, { recursive: true, force: true }));

  it("has every file needed to generate the API of its service", async () => {
    await node("scripts/generate.ts");
    const { paths } = JSON.parse(await readFile(join(copy, "api/openapi.json"), "utf8")) as { paths: object };
    assert.deepEqual(
      Object.keys(paths).filter((path) => path.startsWith("/api/v1/notes/")),
      ["/api/v1/notes/{video_id}"],
    );
    assert.match(await readFile(join(copy, "api/proto/kinora/note/v1/note.proto"), "utf8"), /rpc Save/);
  });

  it("is formatted as the linter requires", async () => {
    await run(join(root, "node_modules/.bin/biome"), ["format", "src/services/note"], { cwd: copy });
  });

  it("passes its own test and the architecture test", async () => {
    const { stdout } = await node("scripts/test.ts", "test", "src/services/note/", "test/architecture.test.ts");
    assert.match(stdout, /src\/services\/note\/note\.test\.ts \(2 tests/);
    assert.match(stdout, /\b0 failed/);
  });

  // It costs as much as the type check of the whole.
  if (isNightly)
    it("passes the type check", async () => {
      await run(join(root, "node_modules/.bin/tsc"), ["--noEmit", "-p", "."], { cwd: copy });
    });
});

let copy = "";

/** Does what the section says: writes each file, and names the service in the one list. */
async function followRecipe(): Promise<void> {
  const document = await readFile(join(copy, "docs/develop.md"), "utf8");
  const section = document.slice(document.indexOf("\n## Add a service"), document.indexOf("\n## Add an adapter"));
  const blocks = [...section.matchAll(/^```ts (\S+)\n([\s\S]*?)^```/gm)];
  assert.ok(blocks.length >= 5, `${blocks.length} files in the recipe`);
  for (const [, path = "", text = ""] of blocks) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), text);
  }
  assert.match(section, /`"note"` in `serviceNames` of `cmd\/services\.ts`/);
  const list = join(copy, "cmd/services.ts");
  const before = await readFile(list, "utf8");
  await writeFile(list, before.replace('  "demo",\n', '  "demo",\n  "note",\n'));
}

const node = (...args: string[]) => run(process.execPath, args, { cwd: copy, maxBuffer: 2 ** 24 });

/** A file that is deleted in the working tree is still in the index. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
