import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { embeddedCache } from "#kernel/cache/embedded";
import { type Account, clip, Platform } from "#test/platform/platform";
import { accountTables } from "#test/security/account-tables";
import { sql } from "kysely";
import { read } from "../delivery/testing.ts";
import { exportParts } from "./parts/parts.ts";
import { ExportLimit, exportsPerHour } from "./limit.ts";

describe("the export of an account", () => {
  before(async () => {
    await platform.open();
    admin = await platform.administrator();
    const rules = { method: "PUT", token: admin.token, body: { users_invite: true } } as const;
    assert.equal((await platform.ask("/api/v1/admin/registration", rules)).status, 200);
    [mira, noor] = [await platform.join("mira"), await platform.join("noor")];
    film = await clip("one-frame.mp4");
    for (const [account, other] of [
      [mira, noor],
      [noor, mira],
    ] as const)
      await live(account, other);
    for (const pair of [
      [mira, noor],
      [noor, mira],
    ] as const)
      await liveInRooms(pair);
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("has everything of the account in JSON, and nothing that another one wrote or keeps to itself", async () => {
    for (const [account, other] of [
      [mira, noor],
      [noor, mira],
    ] as const) {
      const files = await exported(account);
      assert.deepEqual([...files.keys()], ["README.txt", "export.json", ...exportParts.map(({ name }) => name)]);
      for (const [name, marks] of Object.entries(expected)) {
        const text = files.get(name)?.toString() ?? "";
        for (const mark of marks) assert.ok(text.includes(`${mark} of ${account.name}`), `${name}: ${mark}\n${text}`);
      }
      for (const [name, bytes] of files) {
        // An order has the name of what was bought.
        if (name !== "live-orders.json")
          assert.ok(!bytes.toString().includes(`of ${other.name}`), `${name} has data of ${other.name}`);
        if (name.endsWith(".json")) JSON.parse(bytes.toString());
      }
    }
  });

  it("has no invitations of others, which moderators see in their list", async () => {
    const files = await exported(admin);
    assert.ok(!files.get("invitations.json")?.toString().includes("Invitation of"));
    assert.deepEqual(JSON.parse(String(files.get("export.json")))["user_id"], admin.id);
  });

  it("has the rows of every table that names accounts, save those with a reason", async () => {
    const tables = await accountTables(platform);
    assert.ok(tables.length > 60, `only ${tables.length} tables`);
    const exportedTables = new Set(exportParts.flatMap((part) => part.tables));
    for (const table of [...exportedTables, ...Object.keys(notExported)])
      assert.ok(tables.includes(table), `${table} is no table with accounts`);
    for (const table of Object.keys(notExported)) assert.ok(!exportedTables.has(table), `${table} is exported`);
    assert.deepEqual(
      tables.filter((table) => !exportedTables.has(table) && !Object.hasOwn(notExported, table)),
      [],
      "a file of the export has these, or `notExported` says why none does",
    );
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
      [...(await exported(mira, "?originals=1"))].filter(([name]) => /^(?:videos\/|drive\/|missing)/.test(name));
    const whole = await filesIn();
    assert.deepEqual(whole.map(([name]) => name.replace(/\d+/, "N")).toSorted(), [
      "drive/Folder of mira/File of mira.txt",
      "videos/N.cover.jpg",
      "videos/N.cover.jpg",
      "videos/N.en.vtt",
      "videos/N.mp4",
      "videos/N.mp4",
    ]);
    for (const [name, bytes] of whole) {
      if (name.endsWith(".mp4")) assert.deepEqual(bytes, film);
      if (name.endsWith(".vtt")) assert.match(bytes.toString(), /^WEBVTT[^]*Line of mira/);
      if (name.startsWith("drive/")) assert.equal(bytes.toString(), "Bytes of mira");
    }
    const { rows } = await sql<{ key: string }>`SELECT DISTINCT source_key AS key FROM media.media`.execute(
      platform.host.database("media"),
    );
    for (const { key } of rows) await platform.blob.remove(key);
    const rest = new Map(await filesIn());
    assert.deepEqual(
      [...rest.keys()].filter((name) => name.endsWith(".mp4")),
      [],
    );
    const missing = JSON.parse(String(rest.get("missing.json"))) as { path: string }[];
    assert.deepEqual(
      missing.map(({ path: name }) => name.replace(/\d+/, "N")),
      ["videos/N.mp4", "videos/N.mp4"],
    );
  });

  it("is prepared for downloads that are resumed: a range has the bytes of the whole, for its account alone", async () => {
    const bad = await platform.ask(path, {
      method: "POST",
      token: mira.token,
      body: { originals: "yes", language: 3 },
    });
    assert.deepEqual([bad.status, bad.body["error"]], [400, "kernel.invalid_input"]);
    const answer = await platform.ask(path, { method: "POST", token: mira.token, body: { originals: true } });
    assert.deepEqual([answer.status, answer.headers["content-type"]], [200, "application/x-ndjson"]);
    const last = JSON.parse(answer.text.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
    const url = String(last["url"]);
    const get = (headers: Record<string, string> = {}, token = mira.token) => platform.ask(url, { token, headers });
    const whole = await get();
    assert.deepEqual([whole.status, whole.bytes.length, whole.headers["accept-ranges"]], [200, last["size"], "bytes"]);
    const names = read(whole.bytes).map(({ name }) => name);
    for (const name of ["export.json", "videos.json", "drive/Folder of mira/File of mira.txt"])
      assert.ok(names.includes(name), name);
    await platform.ask(`/api/v1/users/${mira.id}`, { method: "PUT", token: mira.token, body: { bio: "Another" } });
    const etag = String(whole.headers["etag"]);
    for (const from of [1, 2_000, whole.bytes.length - 30]) {
      const part = await get({ range: `bytes=${from}-`, "if-range": etag });
      assert.equal(part.status, 206);
      assert.deepEqual(part.bytes, whole.bytes.subarray(from));
    }
    assert.equal((await get({ range: "bytes=5-", "if-range": '"another"' })).status, 200);
    assert.equal((await get({ range: "bytes=999999999-" })).status, 416);
    assert.equal((await get({}, noor.token)).status, 404, "it is for its account");
    assert.equal((await platform.ask(url)).status, 401);
    const text = `/api/v1/users/me/export/${"0".repeat(64)}`;
    assert.equal((await platform.ask(text, { token: mira.token })).status, 404);
    await platform.ask(`/api/v1/users/${mira.id}`, { method: "PUT", token: mira.token, body: { bio: "Bio of mira" } });
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

const secret = "a secret, or the hash of one";
const copy = "a copy of what another file has";
const number = "a counter, a lock or a mark without anything that its user did";
const tombstone = "the numbers of deleted accounts";
const brief = "kept for minutes or a day, to count nothing twice or to let somebody in";
const ofOthers = "belongs to another account, or to the moderators";

/** Why tables that name accounts are in no export. */
const notExported: Readonly<Record<string, string>> = {
  "auth.deletion_receipts": tombstone,
  "auth.deletions": tombstone,
  "auth.devices": secret,
  "auth.email_undos": secret,
  "auth.email_verifications": secret,
  "auth.invited_accounts": ofOthers,
  "auth.passkey_challenges": secret,
  "auth.provider_flows": secret,
  "auth.resets": secret,
  "auth.sign_in_tickets": secret,
  "demo.demo_authors": "accounts that nobody has",
  "drive.copies": brief,
  "drive.drives": number,
  "drive.zips": brief,
  "hashtag.deleted_users": tombstone,
  "hashtag.muted": copy,
  "instance.changes": "belongs to the instance",
  "interaction.author_counts": number,
  "interaction.deleted_users": tombstone,
  "interaction.gate_invited": "invited.json has the people of one's own things; other things are in opened.json",
  "interaction.gate_watched": "how far a refund goes; watch-history.json has what was watched",
  "interaction.hidden_danmaku_authors": "the user does not know who they are; settings.json has their count",
  "interaction.muted": copy,
  "interaction.new_followers": copy,
  "interaction.removed_comments": "removed by moderators: decisions.json has the excerpt",
  "interaction.removed_danmaku": "removed by moderators: decisions.json has the excerpt",
  "interaction.shares": brief,
  "interaction.video_copies": copy,
  "interaction.views": brief,
  "interaction.watch_credits": brief,
  "live.club_levels": copy,
  "live.deleted_users": tombstone,
  "live.gate_grants": copy,
  "live.held_messages": "waits for a moderator of the room, and is in live-chat.json once it is sent",
  "live.live_fan_clubs": number,
  "live.muted": copy,
  "live.recordings": "becomes a video of videos.json",
  "live.room_attendees": brief,
  "live.room_joins": brief,
  "live.room_moderators": "live-rooms.json has those of one's own rooms; others belong to their owners",
  "live.room_persons": brief,
  "live.room_restrictions": "live-rooms.json has those of one's own rooms; others belong to their owners",
  "live.room_visitors": brief,
  "media.deleted_users": tombstone,
  "media.transcode_tasks": "the work on a video, not the video",
  "message.deleted_users": tombstone,
  "message.due_mails": brief,
  "message.inboxes": number,
  "message.muted": copy,
  "message.push_subscriptions": secret,
  "message.sweeps": ofOthers,
  "message.updates": number,
  "moderation.audit": ofOthers,
  "moderation.case_notes": ofOthers,
  "moderation.sweeps": ofOthers,
  "moderation.things": copy,
  "moderation.users": copy,
  "recommend.candidates": copy,
  "recommend.deleted_users": tombstone,
  "recommend.pages": "pages that were served, for measurements; feed-signals.json has what came of them",
  "relation.user_counts": number,
  "search.deleted_users": tombstone,
  "search.documents": copy,
  "search.recent_searchers": brief,
  "streaming.viewings": brief,
  "transfer.transfers": "belongs to the instance",
  "upload.files": "videos.json and drive.json have what became of them",
  "upload.spaces": number,
  "user.deleted_users": tombstone,
  "video.club_levels": copy,
  "video.deleted_users": tombstone,
  "video.gate_grants": copy,
  "video.muted": copy,
};

const path = "/api/v1/users/me/export";
const platform = new Platform();
let mira: Account;
let noor: Account;
let admin: Account;
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
  "account.json": ["Token"],
  "invitations.json": ["Invitation"],
  "captions.json": ["Captions"],
  "live-rooms.json": ["Room"],
  "live-products.json": ["Product"],
  "live-chat.json": ["Chat"],
  "gifts-sent.json": ["Gift"],
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
    const { id, media_id: mediaId } = answer.data;
    return { id: Number(id), mediaId: Number(mediaId) };
  };
  await ask("PUT", `/users/${id}`, { bio: `Bio of ${name}` });
  const { id: video, mediaId } = await upload(`Film of ${name}`);
  const { id: hidden } = await upload(`Private film of ${name}`, { visibility: "private" });
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
  await ask("POST", "/auth/tokens", { name: `Token of ${name}`, scopes: ["account:read"] });
  await ask("POST", "/auth/invitations", { note: `Invitation of ${name}` });
  await ask("POST", `/media/${mediaId}/captions`, {
    language: "en",
    label: `Captions of ${name}`,
    text: captionsOf(name),
  });
}

/** Rooms of both, and what each does in that of the other. */
async function liveInRooms([own, other]: readonly [Account, Account]): Promise<void> {
  const ask = async ({ token }: Account, at: string, body: object = {}) => {
    const answer = await platform.ask(`/api/v1${at}`, { method: "POST", token, body });
    assert.equal(answer.status, 200, `${at} ${answer.text}`);
    return answer.data;
  };
  const { id: room } = await ask(own, "/lives", { title: `Room of ${own.name}` });
  await ask(own, `/lives/${Number(room)}/start`);
  const { id: product } = await ask(own, `/lives/${Number(room)}/products`, {
    name: `Product of ${own.name}`,
    price: 1,
    stock: 5,
  });
  const shop = `/lives/${Number(room)}/products/${Number(product)}/reservations`;
  const { id: reservation } = await ask(other, shop);
  await ask(other, `${shop}/${Number(reservation)}/confirm`);
  await ask(other, `/lives/${Number(room)}/gifts`, { gift_id: 1, message: `Gift of ${other.name}` });
  await ask(other, `/lives/${Number(room)}/fan-club/join`);
  await ask(other, `/lives/${Number(room)}/messages`, { content: `Chat of ${other.name}` });
}

const captionsOf = (name: string) => `WEBVTT\n\n00:00.000 --> 00:01.000\nLine of ${name}\n`;

async function exported({ token }: Account, query = ""): Promise<ReadonlyMap<string, Buffer>> {
  const answer = await platform.ask(path + query, { token });
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  return new Map(read(answer.bytes).map(({ name, bytes }) => [name, bytes]));
}
