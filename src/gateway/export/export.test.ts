import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { embeddedCache } from "#kernel/cache/embedded";
import { type Account, clip, Platform } from "#test/platform/platform";
import { sql } from "kysely";
import { read } from "../delivery/testing.ts";
import { exportParts } from "./parts.ts";
import { ExportLimit, exportsPerHour } from "./limit.ts";

describe("the export of an account", () => {
  before(async () => {
    await platform.open();
    [mira, noor] = [await platform.join("mira"), await platform.join("noor")];
    film = await clip("one-frame.mp4");
    for (const [account, other] of [
      [mira, noor],
      [noor, mira],
    ] as const)
      await live(account, other);
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("has everything of the account in JSON, and nothing that another one wrote or keeps to itself", async () => {
    for (const [account, other] of [
      [mira, noor],
      [noor, mira],
    ] as const) {
      const files = await exported(account);
      assert.deepEqual([...files.keys()], ["README.txt", ...exportParts.map(({ name }) => name)]);
      for (const [name, marks] of Object.entries(expected)) {
        const text = files.get(name)?.toString() ?? "";
        for (const mark of marks) assert.ok(text.includes(`${mark} of ${account.name}`), `${name}: ${mark}\n${text}`);
      }
      for (const [name, bytes] of files) {
        assert.ok(!bytes.toString().includes(`of ${other.name}`), `${name} has data of ${other.name}`);
        if (name.endsWith(".json")) JSON.parse(bytes.toString());
      }
    }
  });

  it("links what is elsewhere, in the spelling of the API", async () => {
    const files = await exported(mira);
    const rows = (name: string) => JSON.parse(files.get(name)?.toString() ?? "") as Record<string, unknown>[];
    const [liked] = rows("likes.json");
    assert.match(String(liked?.["url"]), /^https?:\/\/[^/]+\/watch\/\d+$/);
    assert.match(String(liked?.["liked_at"]), /^\d{4}-\d\d-\d\dT/);
    assert.equal(rows("following.json")[0]?.["username"], noor.name);
    assert.equal(rows("drive.json").at(-1)?.["path"], "/Folder of mira/File of mira.txt");
    assert.match(String(rows("videos.json")[0]?.["download_url"]), /^https?:/);
  });

  it("has the uploaded files where they are asked for, and lists those that are not there any more", async () => {
    const filesIn = async () =>
      [...(await exported(mira, "?originals=1"))].filter(([name]) => name.startsWith("videos/"));
    const whole = await filesIn();
    assert.equal(whole.length, 2);
    for (const [name, bytes] of whole) {
      assert.match(name, /^videos\/\d+\.mp4$/);
      assert.deepEqual(bytes, film);
    }
    const { rows } = await sql<{ key: string }>`SELECT DISTINCT source_key AS key FROM media.media`.execute(
      platform.host.database("media"),
    );
    for (const { key } of rows) await platform.blob.remove(key);
    const [list, ...more] = await filesIn();
    assert.deepEqual([list?.[0], more], ["videos/missing.json", []]);
    const missing = JSON.parse(String(list?.[1])) as { title: string }[];
    assert.deepEqual(missing.map(({ title }) => title).toSorted(), ["Film of mira", "Private film of mira"]);
  });

  it("explains itself in the language that is asked for", async () => {
    assert.match((await exported(mira, "?language=zh")).get("README.txt")?.toString() ?? "", /账号 @mira/);
    assert.match((await exported(mira)).get("README.txt")?.toString() ?? "", /account @mira/);
  });

  it("is in the audit trail, with whether it had the uploaded files", async () => {
    const details = async () => {
      await platform.host.drain();
      const { rows } = await sql<{ detail: string }>`SELECT detail FROM moderation.audit
        WHERE act = 'user.exported' AND actor_id = ${noor.id} AND subject_id = ${noor.id} ORDER BY id`.execute(
        platform.host.database("moderation"),
      );
      return rows.map(({ detail }) => detail);
    };
    const before = await details();
    await platform.ask(path, { method: "HEAD", token: noor.token });
    await exported(noor);
    await exported(noor, "?originals=1");
    assert.deepEqual(await details(), [...before, "", "with original files"]);
  });

  it("is for users who are signed in, and answers HEAD without the data", async () => {
    assert.equal((await platform.ask(path)).status, 401);
    const head = await platform.ask(path, { method: "HEAD", token: mira.token });
    assert.deepEqual([head.status, head.bytes.length], [200, 0]);
    assert.match(String(head.headers["content-disposition"]), /mira-\d{4}-\d\d-\d\d\.zip/);
    assert.equal(head.headers["cache-control"], "private, no-store");
  });
});

describe("the limit of exports", () => {
  it("counts those of an account within an hour, and none that is only asked about", async () => {
    const limit = new ExportLimit(embeddedCache(), true);
    for (let n = 0; n < exportsPerHour; n++) {
      await limit.take(1, { counts: false });
      await limit.take(1, { counts: true });
    }
    for (const counts of [true, false])
      await assert.rejects(limit.take(1, { counts }), { code: "gateway.rate_limited", http: 429 });
    await limit.take(2, { counts: true });
  });
});

const path = "/api/v1/users/me/export";
const platform = new Platform();
let mira: Account;
let noor: Account;
let film: Buffer;

/** The texts that an account puts into each file; the other account has its own of each. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "profile.json": ["Bio"],
  "videos.json": ["Film", "Private film"],
  "comments.json": ["Comment", "Comment on a private film"],
  "timed-comments.json": ["Timed"],
  "saved-folders.json": ["Saved"],
  "playlists.json": ["List"],
  "playlist-videos.json": ["Film"],
  "messages.json": ["Message"],
  "search-history.json": ["search"],
  "drive.json": ["Folder", "File"],
  "reports.json": ["Report"],
};

/** Does something of every kind. Public content of another account is referred to, and not copied. */
async function live({ token, name, id }: Account, other: Account): Promise<void> {
  const ask = async (method: "POST" | "PUT", at: string, body: object) => {
    const answer = await platform.ask(`/api/v1${at}`, { method, token, body });
    assert.equal(answer.status, 200, `${at} ${answer.text}`);
    return answer.data;
  };
  const upload = async (title: string, more: Record<string, string> = {}) => {
    const answer = await platform.upload("/api/v1/videos", token, { name: "a.mp4", bytes: film }, { title, ...more });
    assert.equal(answer.status, 200, answer.text);
    return Number(answer.data["id"]);
  };
  await ask("PUT", `/users/${id}`, { bio: `Bio of ${name}` });
  const video = await upload(`Film of ${name}`);
  const hidden = await upload(`Private film of ${name}`, { visibility: "private" });
  await platform.host.drain();
  await ask("POST", `/videos/${video}/comments`, { content: `Comment of ${name}` });
  await ask("POST", `/videos/${hidden}/comments`, { content: `Comment on a private film of ${name}` });
  await ask("POST", `/videos/${video}/danmaku`, { content: `Timed of ${name}`, position: 0 });
  const folder = await ask("POST", "/favorite-folders", { name: `Saved of ${name}`, is_public: false });
  await ask("POST", `/videos/${video}/favorite`, { folder_id: folder["id"] });
  await ask("POST", `/videos/${video}/like`, {});
  const playlist = await ask("POST", "/playlists", { title: `List of ${name}`, visibility: "private" });
  await ask("POST", `/playlists/${Number(playlist["id"])}/items`, { video_id: video });
  await ask("POST", `/users/${other.id}/follow`, {});
  await ask("POST", "/messages", { receiver_id: other.id, content: `Message of ${name}` });
  await platform.ask(`/api/v1/search?q=${encodeURIComponent(`search of ${name}`)}`, { token });
  await ask("POST", `/videos/${video}/play`, { position: 0, duration: 1, finished: true });
  await ask("POST", "/reports", { kind: "user", id: other.id, reason: "other", text: `Report of ${name}` });
  const place = await ask("POST", "/drive/folders", { name: `Folder of ${name}` });
  const file = { name: `File of ${name}.txt`, bytes: Buffer.from(`Bytes of ${name}`) };
  const kept = await platform.upload("/api/v1/upload", token, file, {
    purpose: "drive",
    folder_id: String(place["id"]),
  });
  assert.equal(kept.status, 200, kept.text);
  await platform.host.drain();
}

async function exported({ token }: Account, query = ""): Promise<ReadonlyMap<string, Buffer>> {
  const answer = await platform.ask(path + query, { token });
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  return new Map(read(answer.bytes).map(({ name, bytes }) => [name, bytes]));
}
