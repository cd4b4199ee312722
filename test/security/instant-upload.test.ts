import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { silentLog } from "#kernel/log/port";
import { TestHost } from "#kernel/host/testing";
import { uploadPlugin } from "#services/upload/plugin";
import { until } from "../until.ts";
import { type Account, clip, form, Platform } from "../platform/platform.ts";

/**
 * The right to name the content of another account's file by its hash, by setting and by the visibility of the file.
 */
const cases = [
  { instant: "own", isPublicGiven: false },
  { instant: "public", isPublicGiven: true },
] as const;

for (const { instant, isPublicGiven } of cases)
  describe(`content named by its hash alone, with KINORA_INSTANT_UPLOAD=${instant} (S4.6)`, () => {
    before(async () => {
      await platform.open();
      [mira, noor] = [await platform.join(), await platform.join()];
    });
    after(() => platform[Symbol.asyncDispose]());

    it("is the content of a private file for its owner alone", async () => {
      const bytes = randomBytes(900);
      const { body, headers } = form({ name: "a.bin", bytes }, { purpose: "drive" });
      const sent = await platform.ask("/api/v1/upload", { method: "POST", token: mira.token, body, headers });
      assert.equal(sent.status, 200, sent.text);
      await until(async () => (await givenTo(mira, bytes)).every(Boolean));
      assert.deepEqual(await givenTo(noor, bytes), [false, false]);
    });

    it(`is ${isPublicGiven ? "" : "never "}the file of a public video that may be downloaded`, async () => {
      const film = await clip("one-frame.mp4");
      const sent = await platform.upload("/api/v1/videos", mira.token, { name: "a.mp4", bytes: film }, { title: "x" });
      const path = `/api/v1/videos/${String(sent.data["id"])}`;
      await until(async () => (await platform.ask(path)).data["status"] === 1);
      await until(async () => (await givenTo(mira, film)).every(Boolean));
      for (const hidden of [{ allow_download: false }, { allow_download: true, visibility: "private" }]) {
        const { status } = await platform.ask(path, { method: "PUT", token: mira.token, body: hidden });
        assert.equal(status, 200);
        assert.deepEqual(await givenTo(noor, film), [false, false], JSON.stringify(hidden));
      }
      await platform.ask(path, { method: "PUT", token: mira.token, body: { visibility: "public" } });
      assert.deepEqual(await givenTo(noor, film), [isPublicGiven, isPublicGiven]);
    });

    // `public` is the default and not set, so that it is tested as such.
    const chosen = instant === "public" ? {} : { instant };
    const platform = new Platform({}, { upload: { digestAfterMs: 0, ...chosen } });
    let mira: Account;
    let noor: Account;

    /** True if cloud files and the resumable API make a file of it, for this account. */
    async function givenTo({ token, name }: Account, bytes: Buffer): Promise<boolean[]> {
      const sha1 = createHash("sha1").update(bytes).digest("hex");
      const file_hash = createHash("md5").update(bytes).digest("hex");
      const size = String(bytes.byteLength);
      const query = new URLSearchParams({ username: name, token, filehash: sha1, filename: "a", filesize: size });
      const fast = await platform.ask(`/file/fastupload?${query.toString()}`, { method: "POST" });
      const body = { file_hash, filename: "a", file_size: bytes.byteLength };
      const begun = await platform.ask("/upload/init", { method: "POST", token, body });
      return [fast.body["code"] === 0, begun.body["status"] === "finished"];
    }
  });

describe("the start of an instance", () => {
  for (const instant of ["anyone", "public", "own"])
    it(`warns ${instant === "anyone" ? "that" : "of nothing unless"} every account gets files for their hash, with ${instant}`, async () => {
      const warnings: string[] = [];
      const log = { ...silentLog, warn: (message: string) => void warnings.push(message), with: () => log };
      await using host = new TestHost({ settings: { upload: { instant } }, parts: { log } });
      await host.add(uploadPlugin);
      assert.equal(
        warnings.some((text) => text.includes("hash")),
        instant === "anyone",
      );
    });
});
