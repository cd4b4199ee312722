import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { streamZip } from "../../src/gateway/delivery/archives/zip-stream.ts";
import { openArchive } from "../../web/src/pages/settings/import/archive.ts";
import { isSafePath } from "../../web/src/pages/settings/import/zip.ts";

describe("the archive that an account imports", () => {
  it("is read as the export writes it, with paths that are not legal everywhere", async () => {
    const archive = await openArchive(await archiveOf({ "drive/what?/a:b.txt": "Bytes", "videos.json": '[{"id":1}]' }));
    assert.deepEqual([archive.username, archive.site], ["mira", "https://one.example"]);
    assert.deepEqual(await archive.rows("videos.json"), [{ id: 1 }]);
    assert.deepEqual([await archive.rows("playlists.json"), await archive.object("profile.json")], [[], {}]);
    const file = archive.files.get("drive/what?/a:b.txt");
    assert.equal(await (await file?.open())?.text(), "Bytes");
  });

  it("is refused where it is no archive, cut at any place, foreign or from a later version", async () => {
    await assert.rejects(openArchive(new Blob(["hello"])), { fault: "not_an_archive" });
    await assert.rejects(openArchive(new Blob([])), { fault: "not_an_archive" });
    const whole = await archiveOf({ "videos.json": "[]" });
    for (let size = 4; size < whole.size; size += 7)
      await assert.rejects(openArchive(whole.slice(0, size)), { fault: "cut" }, `cut at ${size}`);
    for (const [manifest, fault] of [
      ['{"format":"other","version":1}', "foreign"],
      ['{"format":"kinora-account","version":2}', "newer"],
      ['{"format":"kinora-account","version":"1"}', "foreign"],
      ["[]", "foreign"],
      ["{", "damaged"],
    ] as const)
      await assert.rejects(openArchive(await zipOf({ "export.json": manifest })), { fault }, manifest);
    await assert.rejects(openArchive(await zipOf({ "a.txt": "" })), { fault: "foreign" });
  });

  it("is refused where a program changed it: compressed, encrypted, with entries that lie over each other", async () => {
    for (const [field, value] of [
      [10, 8],
      [8, 1],
      [20, 0xff],
      [24, 0xff],
    ] as const) {
      const bytes = Buffer.from(await (await archiveOf({ "videos.json": "[]" })).arrayBuffer());
      const at = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
      bytes[at + field] = value;
      await assert.rejects(openArchive(new Blob([bytes])), { name: "Error" }, `field ${field}`);
    }
    // A thousand entries that name the same bytes would be a thousand times the archive.
    const big = "x".repeat(200_000);
    const bytes = Buffer.from(await (await archiveOf({ "a.txt": big, "b.txt": "b" })).arrayBuffer());
    const last = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    for (const field of [20, 24]) bytes.writeUInt32LE(200_000, last + field);
    bytes.writeUInt32LE(0, last + 42);
    await assert.rejects(openArchive(new Blob([bytes])), { fault: "not_ours" });
  });

  it("is refused where a path leads out of it", async () => {
    const bytes = Buffer.from(await (await archiveOf({ "xx/a.txt": "a" })).arrayBuffer());
    for (let at = bytes.indexOf("xx/a.txt"); at >= 0; at = bytes.indexOf("xx/a.txt")) bytes.write("../a.txt", at);
    await assert.rejects(openArchive(new Blob([bytes])), { fault: "not_ours" });
  });

  it("has a fault with a name, or opens, whichever of its bytes are changed", async () => {
    const whole = Buffer.from(await (await archiveOf({ "drive/what?": "Bytes", "videos.json": "[]" })).arrayBuffer());
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const outcome = await openArchive(new Blob([bytes])).catch((error: { fault?: string }) => error.fault);
        assert.notEqual(outcome, undefined);
      }),
      { numRuns: 300 },
    );
  });

  it("has lists and objects where they are asked for, or is damaged", async () => {
    const archive = await openArchive(
      await archiveOf({ "videos.json": "{}", "profile.json": "[1]", "likes.json": "[1]" }),
    );
    await assert.rejects(archive.rows("videos.json"), { fault: "damaged" });
    await assert.rejects(archive.rows("likes.json"), { fault: "damaged" });
    await assert.rejects(archive.object("profile.json"), { fault: "damaged" });
  });

  it("leads nowhere out of itself", () => {
    for (const path of ["../a", "a/../b", "/a", "a//b", "", ".", "a\u0000b", "a".repeat(5_000)])
      assert.equal(isSafePath(path), false, path);
    for (const path of ["a", "a/b.txt", "drive/..a", "drive/a.."]) assert.equal(isSafePath(path), true, path);
  });
});

async function zipOf(files: Readonly<Record<string, string>>): Promise<Blob> {
  async function* made() {
    for (const [path, text] of Object.entries(files)) yield { path, changedAtMs: 0, text: [text] };
  }
  return new Blob(await Array.fromAsync(streamZip(made())));
}

const archiveOf = (files: Readonly<Record<string, string>>): Promise<Blob> =>
  zipOf({
    "export.json": JSON.stringify({
      format: "kinora-account",
      version: 1,
      username: "mira",
      site: "https://one.example",
      made_at: "2026-11-30T00:00:00Z",
    }),
    ...files,
  });
