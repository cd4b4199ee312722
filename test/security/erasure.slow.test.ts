import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { KinoraError } from "#kernel";
import type { Schedule } from "#kernel/jobs/port";
import { callOf } from "#kernel/host/testing";
import { drive } from "#services/drive/contract";
import { interaction } from "#services/interaction/contract";
import { live } from "#services/live/contract";
import { message } from "#services/message/contract";
import { moderation } from "#services/moderation/contract";
import { relation } from "#services/relation/contract";
import { search } from "#services/search/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { sql } from "kysely";
import { distinctClip } from "../uploads/distinct-clip.ts";
import { type Account, clip, password, Platform } from "../platform/platform.ts";
import { accountTables, plantRow } from "./account-tables.ts";
import { loadContracts, serviceNames } from "../../cmd/services.ts";

describe("a deleted account", () => {
  before(async () => {
    await platform.open();
    admin = await platform.administrator();
    holders = (await loadContracts()).filter(({ holdsUserData }) => holdsUserData).map(({ name }) => name);
    mira = await platform.join("mirabelle");
    noor = await platform.join("noor");
  });
  after(() => platform[Symbol.asyncDispose]());

  it("leaves no data but tombstones and audit rows, gets a receipt from every service, and keeps other users' content", async () => {
    const theirs = await publish(noor, "Noor's own");
    const objectsBefore = await settledObjects();
    const ownVideo = await publish(mira, "Mirabelle by the sea #seaside");
    await act(mira, ownVideo, theirs);
    await act(noor, theirs, ownVideo);
    await deal(mira, noor);
    await deal(noor, mira);
    await platform.host.drain();
    for (const token of [mira.token, noor.token]) await put("/api/v1/users/me", token, { bio: "mirabelle was here" });
    await put("/api/v1/users/me", noor.token, { bio: "nothing" });
    await platform.host.drain();
    const acted = await filledTables();
    assert.ok(acted.size > 40, "her traces are found while she is there");
    const problems: string[] = [];
    for (const table of await accountTables(platform))
      if (!acted.has(table) && !allowed.test(table) && !Object.hasOwn(unfilled, table))
        await plantRow(platform, table, mira.id).catch((error: unknown) => problems.push(`${table}: ${String(error)}`));
    assert.deepEqual(problems, [], "she has a row in each table, or `unfilled` says why none");
    const filled = await filledTables();
    for (const table of Object.keys(unfilled))
      assert.ok(!filled.has(table), `${table} is filled, so it needs no reason`);

    const tab = await signedIn(mira);
    // Settled, so that one that fails early is handled here and is no unhandled rejection.
    const before = Promise.allSettled([tab, tab].flatMap((token) => late(token, ownVideo, theirs)));
    const response = await platform.ask("/api/v1/auth/delete-account", {
      method: "POST",
      token: mira.token,
      body: { password },
    });
    assert.equal(response.status, 200, response.text);
    for (const token of [mira.token, tab])
      assert.equal((await platform.ask("/api/v1/users/me", { token })).status, 401, "it is over here at once");
    const during = Promise.allSettled(late(tab, ownVideo, theirs));
    const failed = [...(await before), ...(await during)].filter(({ status }) => status === "rejected");
    assert.deepEqual(failed, []);
    await platform.host.drain();
    await Promise.all(late(tab, ownVideo, theirs));
    await platform.host.drain();
    const { data } = await platform.ask("/api/v1/admin/deletions", { token: admin.token });
    const [deletion] = data["list"] as {
      missing: string[];
      receipts: { service: string }[];
      ended_at: string | null;
    }[];
    assert.deepEqual(deletion?.missing, []);
    assert.deepEqual(deletion.receipts.map(({ service }) => service).toSorted(), holders.toSorted());
    assert.ok(deletion.ended_at !== null);
    assert.deepEqual(await words(), [], "receipts were given for what is still there");

    // Before the time passes that a session lasts.
    const video = await platform.ask(`/api/v1/videos/${theirs}`, { token: noor.token });
    const { like_count, comment_count, favorite_count } = video.data;
    assert.deepEqual([video.status, like_count, comment_count, favorite_count], [200, 1, 1, 0]);
    const { data: profile } = await platform.ask("/api/v1/users/me", { token: noor.token });
    assert.deepEqual([profile["follower_count"], profile["follow_count"]], [0, 0]);

    for (let round = 0; round < 3; round++) await sweep();
    assert.deepEqual(await traces(), []);
    const { rows: conversations } = await sql<{ userId: number }>`
      SELECT user_id AS "userId" FROM message.conversations WHERE ${mira.id} IN (user_id, other_id)`.execute(
      platform.host.database("message"),
    );
    assert.deepEqual(conversations, [{ userId: noor.id }], "noor has the messages, and she has none");
    assert.deepEqual((await settledObjects()).toSorted(), objectsBefore.toSorted());
    const services = await platform.host.host();
    for await (const { finding } of services.verify({ readsAll: true })) assert.fail(finding);
  });

  it("is erased by exactly the services with a column of user numbers, except listed ones", async () => {
    const administrators = new Set<string>();
    for (const service of serviceNames) {
      const { rows } = await sql<{ table: string }>`
        SELECT table_name AS "table" FROM information_schema.columns
        WHERE table_schema = current_schema() AND column_name ~ '(^|_)(user|author|owner|sender|receiver|target)_id$'
          AND table_name NOT IN ('idempotency', 'jobs')`.execute(platform.host.database(service));
      if (rows.length > 0) administrators.add(service);
    }
    for (const service of exempt) administrators.delete(service);
    assert.deepEqual([...administrators].toSorted(), holders.toSorted());
  });
});

/** auth is where it begins; a transfer belongs to the instance; demo names made-up authors. */
const exempt = ["auth", "transfer", "demo"];
/**
 * Rows that may still name a deleted account, by its number alone: the proof of the deletion, and its tombstones. Messages
 * stay with their receivers, who have them in a conversation of their own.
 */
const allowed =
  /^(?:auth\.(?:deletions|deletion_receipts)|(?:user|media|video|interaction|live|search|message|hashtag|recommend)\.deleted_users|moderation\.(?:audit|users)|upload\.spaces|drive\.drives|search\.documents|message\.(?:messages|conversations))$/;

/** Tables that accounts are named in and that she cannot have a row in. */
const unfilled: Readonly<Record<string, string>> = {
  "demo.demo_authors": "accounts that nobody has",
  "instance.changes": "acts of administrators, by their number, as in the audit trail",
  "live.room_persons": "the viewers that a process reported last; it is erased with their other traces in rooms",
  "streaming.viewings": "ends by the clock within minutes of the last segment",
  "transfer.transfers": "belongs to the instance",
};

const filledTables = async () => new Set((await traces()).map((row) => row.slice(0, row.indexOf(":"))));

let holders: string[] = [];
const schedules: Schedule[] = [];
const platform = new Platform(
  {},
  { upload: { graceMs: 0 }, media: { graceMs: 0 } },
  { now: () => Date.now() + aheadMs },
  {
    schedule: (list) => {
      schedules.push(...list);
      return { stop: async () => undefined };
    },
  },
);
let aheadMs = 0;
let admin: Account;
let mira: Account;
let noor: Account;

async function publish({ token }: Account, title: string): Promise<number> {
  // Films of equal bytes are one object; here each belongs to one user.
  const bytes = distinctClip(await clip("quiet-audio.mp4"), title);
  const response = await platform.upload("/api/v1/videos", token, { name: "a.mp4", bytes }, { title });
  assert.equal(response.status, 200, response.text);
  await platform.host.drain();
  return Number(response.data["id"]);
}

/** Whatever one can do here, done to one's own video and to another's. */
async function act(who: Account, own: number, other: number): Promise<void> {
  const post = async (path: string, body: object = {}) => {
    const answer = await platform.ask(path, { method: "POST", token: who.token, body });
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    return answer.data;
  };
  for (const id of [own, other]) {
    await post(`/api/v1/videos/${id}/like`);
    const comment = await post(`/api/v1/videos/${id}/comments`, { content: `${who.name} says so to @noor` });
    await post(`/api/v1/comments/${String(comment["id"])}/like`);
    await post(`/api/v1/videos/${id}/danmaku`, { position: 0.5, content: who.name });
    await post(`/api/v1/videos/${id}/play`, { position: 4 });
    await post(`/api/v1/videos/${id}/share`);
    await post(`/api/v1/videos/${id}/not-interested`, { scope: "author" });
  }
  const folder = await post("/api/v1/favorite-folders", { name: `${who.name}'s` });
  if (who === mira) await post(`/api/v1/videos/${other}/favorite`, { folder_id: folder["id"] });
  await put("/api/v1/danmaku/filters", who.token, { words: [who.name] });
  await post(`/api/v1/users/${who === mira ? noor.id : mira.id}/follow`);
  await post("/api/v1/reports", {
    kind: "user",
    id: who === mira ? noor.id : mira.id,
    reason: "other",
    text: `${who.name} complains`,
  });
  const third = await platform.join();
  await post("/api/v1/users/blacklist", { user_id: third.id });
  await post("/api/v1/messages", { receiver_id: who === mira ? noor.id : mira.id, content: `${who.name} writes` });
  await post("/api/v1/playlists", { title: `${who.name}'s list` });
  const careful = await platform.join();
  await put("/api/v1/users/me", careful.token, { approve_followers: true });
  await post(`/api/v1/users/${careful.id}/follow`);
  await put("/api/v1/notifications/settings", who.token, { like: false });
  await put("/api/v1/recommend/settings", who.token, { fresh: 1 });
  await put("/api/v1/history/settings", who.token, { is_kept: true });
  await post("/api/v1/recommend/mutes", { kind: "tag", name: `${who.name}tag` });
  await platform.ask(`/api/v1/search?q=${who.name}`, { token: who.token });
  await platform.ask("/api/v1/recommend/feed", { token: who.token });
  const folderId = (await post("/api/v1/drive/folders", { name: `${who.name}'s folder` }))["id"];
  await post(`/api/v1/drive/${String(folderId)}/shares`);
  await post("/api/v1/drive/zip", { ids: [folderId] });
  await post("/api/v1/auth/tokens", { name: `${who.name}'s program`, scopes: ["account:read"] });
  if (who !== mira) return;
  const picture = await platform.upload(
    "/api/v1/media/upload",
    who.token,
    { name: `${who.name}.gif`, bytes: await clip("animated.gif") },
    { purpose: "avatar" },
  );
  await put("/api/v1/users/me", who.token, { avatar: picture.data["url"], email: "mirabelle@example.org" });
}

/** Whatever one can do in a live room with coins and products. */
async function deal(owner: Account, buyer: Account): Promise<void> {
  const post = async (who: Account, path: string, body: object = {}) => {
    const answer = await platform.ask(`/api/v1/${path}`, { method: "POST", token: who.token, body });
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    return String(answer.data["id"]);
  };
  room = Number(await post(owner, "lives", { title: `${owner.name} live` }));
  await post(owner, `lives/${room}/start`);
  for (const is_anonymous of [false, true])
    await post(buyer, `lives/${room}/gifts`, { gift_id: 3, message: `for ${owner.name}`, is_anonymous });
  await post(buyer, `lives/${room}/fan-club/join`);
  const product = `lives/${room}/products/${await post(owner, `lives/${room}/products`, { name: owner.name, price: 1, stock: 5 })}`;
  await post(buyer, `${product}/reservations/${await post(buyer, `${product}/reservations`)}/confirm`);
  await post(buyer, `${product}/reservations`);
  // Free coins pay first, and only granted ones can be paid out.
  await post(admin, `admin/users/${buyer.id}/coins`, { amount: 2_000, reason: "a prize" });
  await post(buyer, `lives/${room}/gifts`, { gift_id: 6 });
  await post(buyer, `lives/${room}/messages`, { content: `${buyer.name} chats` });
  await post(owner, `lives/${room}/moderators/${buyer.id}`);
  await post(owner, "users/me/payouts", { amount: 10 });
  await post(owner, `lives/${room}/guests`, { user_id: buyer.id });
}
/** The room of the last deal. */
let room = 0;

const signedIn = async ({ name }: Account): Promise<string> => {
  const { data } = await platform.ask("/api/v1/users/login", { method: "POST", body: { username: name, password } });
  return String(data["token"]);
};

/**
 * The later requests of a second tab: through the public port, and as another gateway would pass it on, which may trust
 * a token for some seconds more. All of it is done or refused.
 */
function late(token: string, own: number, other: number): Promise<void>[] {
  const call = () => callOf(mira.id);
  const client = platform.host.client.bind(platform.host);
  const say = { content: "mirabelle again" };
  const direct: (() => Promise<unknown>)[] = [own, other].flatMap((id) => [
    () => client(interaction).play({ id, positionMs: 4_000 }, call()),
    () => client(interaction).like({ id }, call()),
    () => client(interaction).share({ id }, call()),
    () => client(interaction).favorite({ id }, call()),
    () => client(interaction).say({ id, ...say }, call()),
    () => client(interaction).sayAt({ id, positionMs: 5, ...say }, call()),
    () => client(moderation).report({ kind: "video", id, reason: "other", text: "mirabelle" }, call()),
  ]);
  direct.push(
    () => client(live).wallet({}, call()),
    () => client(live).sendGift({ id: room, giftId: 1, message: "mirabelle" }, call()),
    () => client(live).joinFanClub({ id: room }, call()),
    () => client(live).requestPayout({ amount: 1 }, call()),
    () => client(interaction).makeFolder({ name: "mirabelle" }, call()),
    () => client(interaction).setDanmakuFilters({ words: ["mirabelle"], userIds: [], modes: [] }, call()),
    () => client(interaction).setHistory({ isKept: false }, call()),
    () => client(video).createPlaylist({ title: "mirabelle" }, call()),
    () => client(search).setHistory({ isKept: false }, call()),
    () => client(search).videos({ q: "mirabelle was here" }, call()),
    () => client(message).setSettings({ like: false }, call()),
    () => client(relation).follow({ id: noor.id }, call()),
    () => client(relation).block({ userId: noor.id }, call()),
    () => client(drive).createFolder({ name: "mirabelle" }, call()),
    () => client(user).update({ id: mira.id, bio: "mirabelle" }, call()),
  );
  const refused = async (act: () => Promise<unknown>) =>
    act().then(
      () => undefined,
      (error: unknown) => {
        if (!(error instanceof KinoraError) || error.kind === "internal") throw error;
      },
    );
  const requests = ["play", "like", "share"].map(async (what) => {
    const path = `/api/v1/videos/${other}/${what}`;
    const { status } = await platform.ask(path, {
      method: "POST",
      token,
      body: what === "play" ? { position: 4 } : {},
    });
    assert.ok([200, 401].includes(status), `${path}: ${status}`);
  });
  return [...direct.map(refused), ...requests];
}

const put = (path: string, token: string, body: object) => platform.ask(path, { method: "PUT", token, body });

/** Her texts and names in the services' tables: the kernel's own rows end by the clock. */
const words = async () =>
  (await traces("mirabelle")).filter((row) => !/^\w+\.(?:jobs|idempotency|outbox|inbox):/.test(row));

/** Every row of every table that names her, by number, name or what she wrote. */
async function traces(named = `(^|[^0-9])${mira.id}([^0-9]|$)|mirabelle`): Promise<string[]> {
  const lines: string[] = [];
  for (const service of serviceNames) {
    const db = platform.host.database(service);
    const { rows: tables } = await sql<{ name: string }>`
      SELECT relname AS name FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`.execute(db);
    for (const { name } of tables) {
      if (allowed.test(`${service}.${name}`)) continue;
      const { rows } = await sql<{ row: string }>`
        SELECT t::text AS row FROM ${sql.table(name)} AS t WHERE t::text ~* ${named} LIMIT 5`.execute(db);
      lines.push(...rows.map(({ row }) => `${service}.${name}: ${row}`));
    }
  }
  return lines;
}

/** Lets the time pass that things are kept for, and does what is done by the clock. */
async function sweep(): Promise<void> {
  aheadMs += 40 * 86_400_000;
  // The kernel keeps ended jobs and answers by the clock of the database.
  for (const service of serviceNames) {
    const db = platform.host.database(service);
    await sql`UPDATE jobs SET ended_at_ms = ended_at_ms - 4000000000`.execute(db);
    await sql`UPDATE idempotency SET created_at_ms = created_at_ms - 4000000000`.execute(db);
  }
  for (const schedule of schedules) await schedule.run(AbortSignal.timeout(60_000));
  await platform.host.drain();
}

async function settledObjects(): Promise<string[]> {
  await platform.host.drain();
  const names = await readdir(platform.blobs, { recursive: true, withFileTypes: true });
  return names.filter((one) => one.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`);
}
