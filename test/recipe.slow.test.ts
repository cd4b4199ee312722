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

describe("the recipes in docs/develop.md", () => {
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
    await addService();
  });
  after(() => rm(copy, { recursive: true, force: true }));

  describe("for a service", () => {
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
      await biome("src/services/note");
    });

    it("passes its own test and the architecture test", async () => {
      const { stdout } = await node("scripts/test.ts", "test", "src/services/note/", "test/architecture.test.ts");
      assert.match(stdout, /src\/services\/note\/note\.test\.ts \(2 tests/);
      assert.match(stdout, /\b0 failed/);
    });
  });

  describe("for a setting of that service", () => {
    before(async () => {
      const section = await sectionOf("Add a setting");
      await writeFiles(section);
      await applyDiffs(section);
    });

    it("documents the setting", async () => {
      await node("scripts/generate.ts");
      const row = /^\| `note\.charactersMax` \| `KINORA_NOTE_CHARACTERS` \| – \| `1000` \|/m;
      assert.match(await readFile(join(copy, "docs/configuration.md"), "utf8"), row);
    });

    it("is formatted as the linter requires", async () => {
      await biome("src/services/note", "src/kernel/config", "cmd/compose", "test/settings/note.test.ts");
    });

    it("passes the tests of the setting and its service", async () => {
      const { stdout } = await node("scripts/test.ts", "test", "src/services/note/", "test/settings/note");
      assert.match(stdout, /src\/services\/note\/note\.test\.ts \(3 tests/);
      assert.match(stdout, /test\/settings\/note\.test\.ts \(1 test/);
      assert.match(stdout, /\b0 failed/);
    });
  });

  // It costs as much as the type check of the whole.
  if (isNightly)
    it("pass the type check", async () => {
      await run(join(root, "node_modules/.bin/tsc"), ["--noEmit", "-p", "."], { cwd: copy });
    });
});

let copy = "";

/** Writes each file of the section, and names the service in the one list. */
async function addService(): Promise<void> {
  const section = await sectionOf("Add a service");
  assert.ok((await writeFiles(section)) >= 5, "files in the recipe");
  assert.match(section, /`"note"` in `serviceNames` of `cmd\/services\.ts`/);
  await applyDiffs(section);
  await change("cmd/services.ts", '   "demo",\n+  "note",\n');
}

async function sectionOf(title: string): Promise<string> {
  const document = await readFile(join(copy, "docs/develop.md"), "utf8");
  const [, text] = document.split(`\n## ${title}\n`);
  assert.ok(text, `no section ${title}`);
  return text.split("\n## ", 1)[0] ?? "";
}

/** Writes the blocks of a section that are whole files; how many. */
async function writeFiles(section: string): Promise<number> {
  const blocks = [...section.matchAll(/^```ts (\S+)\n([\s\S]*?)^```/gm)];
  for (const [, path = "", text = ""] of blocks) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), text);
  }
  return blocks.length;
}

/** Applies the blocks of a section that are changes. */
async function applyDiffs(section: string): Promise<void> {
  for (const [, path = "", diff = ""] of section.matchAll(/^```diff (\S+)\n([\s\S]*?)^```/gm)) await change(path, diff);
}

/** Applies a diff without line numbers: each part, up to a line `@@`, fits in one place of the file. */
async function change(path: string, diff: string): Promise<void> {
  let text = await readFile(join(copy, path), "utf8");
  for (const part of diff.split(/^@@\n/m)) {
    const linesOf = (marks: string) =>
      part.replaceAll(/^(.)(.*\n)|^\n/gm, (_, mark = " ", line = "\n") => (marks.includes(mark) ? line : ""));
    const [before, ...after] = text.split(linesOf(" -"));
    assert.equal(after.length, 1, `places in ${path} for\n${part}`);
    text = [before, ...after].join(linesOf(" +"));
  }
  await writeFile(join(copy, path), text);
}

const biome = (...paths: string[]) => run(join(root, "node_modules/.bin/biome"), ["format", ...paths], { cwd: copy });
const node = (...args: string[]) => run(process.execPath, args, { cwd: copy, maxBuffer: 2 ** 24 });

/** A file that is deleted in the working tree is still in the index. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
