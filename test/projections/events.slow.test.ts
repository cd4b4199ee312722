import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createDirectBus } from "#kernel/bus/direct";
import type { Delivery, Route } from "#kernel/bus/port";
import { clockMs } from "#kernel/db/tables";
import { sql } from "kysely";
import { isNightly } from "../depth.ts";
import { type Account, clip, Platform } from "../platform/platform.ts";
import { Random } from "../random.ts";
import { until } from "../until.ts";

describe("F6: the projections of published events", () => {
  before(prepare);
  after(() => platform[Symbol.asyncDispose]());

  it("are built from events of all listed types (D2)", async () => {
    const types = new Set(published.map(({ type }) => type));
    for (const type of [
      "video.published.v1",
      "video.updated.v1",
      "video.deleted.v1",
      "video.liked.v1",
      "video.unliked.v1",
      "video.viewed.v1",
      "comment.created.v1",
      "comment.deleted.v1",
      "comment.liked.v1",
      "user.registered.v1",
      "user.updated.v1",
      "user.followed.v1",
      "user.unfollowed.v1",
      "hashtag.created.v1",
      "content.removed.v1",
      "user.muted.v1",
      "drive.entries_changed.v1",
    ])
      assert.ok(types.has(type), `${type} was published`);
    assert.ok(inOrder["search"]?.includes("zebra") && inOrder["message"]?.includes("follow"));
  });

  for (let seed = 1; seed <= (isNightly ? 6 : 2); seed++)
    it(`are the same after up to three deliveries of each event in any order, seed ${seed} (D3)`, async () => {
      const random = new Random(seed);
      await forget();
      const deck = published.flatMap((event) => Array.from({ length: random.whole(1, 3) }, () => event));
      for (let n = deck.length - 1; n > 0; n--) {
        const other = random.whole(0, n);
        [deck[n], deck[other]] = [deck[other] as Delivery, deck[n] as Delivery]; // Both are within.
      }
      // Several at a time, as a bus with many connections would.
      const carrier = async () => {
        for (let event = deck.pop(); event; event = deck.pop()) await deliver(event);
      };
      await Promise.all(Array.from({ length: 4 }, carrier));
      await platform.host.drain();
      assert.deepEqual(await state(), inOrder);
    });

  it("are the same when the second half of the events arrives before a delivery of all", async () => {
    await forget();
    const middle = Math.floor(published.length / 2);
    for (const event of published.slice(middle)) await deliver(event);
    await platform.host.drain();
    for (const event of published) await deliver(event);
    await platform.host.drain();
    assert.deepEqual(await state(), inOrder);
  });
});

describe("F7: an inapplicable event", () => {
  it("is dead-lettered with its reason by each of its consumers, while other events are applied (D2)", async () => {
    await using installation = new Platform();
    await installation.open();
    const [mira, noor] = [await installation.join("mira"), await installation.join("noor")];
    await installation.host.drain();
    const publish = (service: string, type: string) =>
      sql`INSERT INTO outbox (event_id, type, key, payload, trace_id, created_at_ms)
          VALUES (gen_random_uuid()::text, ${type}, 77, '{"nonsense": true}', ${"0".repeat(32)}, ${clockMs})`.execute(
        installation.host.database(service),
      );
    const poison = {
      relation: "user.followed.v1",
      interaction: "comment.created.v1",
      video: "video.published.v1",
      hashtag: "hashtag.created.v1",
      moderation: "content.removed.v1",
    };
    for (const [service, type] of Object.entries(poison)) await publish(service, type);
    await publish("message", "message.sent.v9");
    const follow = { method: "POST", token: noor.token } as const;
    assert.equal((await installation.ask(`/api/v1/users/${mira.id}/follow`, follow)).status, 200);
    await installation.host.drain();
    const { consumers } = await installation.host.host();
    for (const [source, type] of Object.entries(poison)) {
      const own = [...consumers].flatMap(([name, types]) => (types.has(type) ? [name] : []));
      assert.ok(own.length > 0, type);
      for (const consumer of own) {
        const db = installation.host.database(consumer);
        const [dead] = await until(async () => {
          // All attempts but the last are over; the waits between them are tested with the bus.
          await sql`UPDATE pending_events SET attempts = 11, due_ms = 0 WHERE attempts > 0`.execute(db);
          await installation.host.drain();
          const { rows } = await sql<{ source: string; last_error: string; attempts: number }>`
            SELECT source, last_error, attempts FROM dead_letters WHERE type = ${type}`.execute(db);
          return rows.length > 0 ? rows : undefined;
        });
        assert.deepEqual([dead?.source, dead?.attempts], [source, 12], `${type} at ${consumer}`);
        assert.notEqual(dead?.last_error, "");
      }
    }
    const isPublished = async () =>
      JSON.stringify((await installation.ask("/api/v1/notifications", { token: mira.token })).data).includes(
        '"follow"',
      );
    await until(isPublished);
    // A type without a subscription does not stay.
    const { rows: waiting } = await sql`SELECT FROM outbox WHERE type = 'message.sent.v9'`.execute(
      installation.host.database("message"),
    );
    assert.deepEqual(waiting, []);
    const findings = await installation.host.findings("message");
    assert.ok(
      findings.some((text) => text.startsWith("the event user.followed.v1 of 77 was dead-lettered after 12 attempts")),
      findings.join("\n"),
    );
  });
});

const published: Delivery[] = [];
const local = createDirectBus();
/** Takes down every event beside giving it to its consumers. */
const recorder: Route = {
  name: "recorder",
  carries: () => true,
  send: async (events) => void published.push(...events),
};
const platform = new Platform({}, {}, {}, { bus: { ...local, routes: () => [...local.routes(), recorder] } });
/** Gives an event to all its consumers once more. */
async function deliver(event: Delivery): Promise<void> {
  const host = await platform.host.host();
  for (const [consumer, types] of host.consumers) if (types.has(event.type)) await host.deliver(consumer, [event]);
}
let inOrder: Readonly<Record<string, string>> = {};

/** Services whose tables follow from events of others, and which of their tables do. */
const followers: Readonly<Record<string, readonly string[]>> = {
  hashtag: ["video_hashtags", "video_copies", "hashtags", "inbox"],
  search: ["documents", "inbox"],
  recommend: ["candidates", "inbox"],
  moderation: ["things", "users", "inbox"],
  message: ["notifications", "updates", "deleted_things", "muted", "inbox"],
};

async function forget(): Promise<void> {
  for (const [service, tables] of Object.entries(followers))
    for (const table of tables) {
      // Cases and reports are users' acts; hashtags keep their numbers, which others have.
      const db = platform.host.database(service);
      if (table === "hashtags") await sql`UPDATE hashtags SET video_count = 0, view_count = 0`.execute(db);
      else await sql`DELETE FROM ${sql.table(table)}`.execute(db);
    }
  await sql`DELETE FROM muted`.execute(platform.host.database("interaction"));
  await sql`DELETE FROM video_copies`.execute(platform.host.database("interaction"));
  for (const service of ["interaction", "video"])
    await sql`DELETE FROM inbox WHERE true`.execute(platform.host.database(service));
}

/** The projections, without numbers and times that are given anew. */
async function state(): Promise<Record<string, string>> {
  const looks: Readonly<Record<string, string>> = {
    hashtag: `SELECT (SELECT json_agg(json_build_array(h.name, h.video_count, h.view_count) ORDER BY h.name) FROM hashtags h) AS a,
              (SELECT json_agg(json_build_array(video_id, version, view_count) ORDER BY video_id) FROM video_copies) AS b,
              (SELECT json_agg(json_build_array(h.name, l.video_id) ORDER BY h.name, l.video_id)
               FROM video_hashtags l JOIN hashtags h ON h.id = l.hashtag_id) AS c`,
    search: `SELECT (SELECT json_agg(json_build_array(kind, title, nickname, description, hashtags, is_visible, play_count, follower_count,
                                                     CASE WHEN kind <> 3 THEN json_build_array(id, owner_id, tags) END) ORDER BY kind, title, id)
                     FROM documents) AS a`,
    recommend:
      "SELECT json_agg(json_build_array(video_id, is_visible, version) ORDER BY video_id) AS a FROM candidates",
    moderation: `SELECT (SELECT json_agg(json_build_array(kind, id, author_id, excerpt, is_visible) ORDER BY kind, id) FROM things) AS a`,
    message: `SELECT (SELECT json_agg(json_build_array(user_id, kind, sender_id, fact_id, content) ORDER BY user_id, kind, fact_id, sender_id)
                FROM notifications) AS a, (SELECT json_agg(json_build_array(kind, id) ORDER BY kind, id) FROM deleted_things) AS b,
              (SELECT json_agg(json_build_array(user_id, kind) ORDER BY user_id, kind) FROM muted) AS c`,
    interaction: `SELECT (SELECT json_agg(json_build_array(video_id, visibility, is_published, version) ORDER BY video_id) FROM video_copies) AS a,
              (SELECT json_agg(json_build_array(user_id, kind) ORDER BY user_id, kind) FROM muted) AS b`,
  };
  const states: Record<string, string> = {};
  for (const [service, look] of Object.entries(looks))
    states[service] = JSON.stringify((await sql.raw(look).execute(platform.host.database(service))).rows);
  return states;
}

/** A few acts among four users. */
async function prepare(): Promise<void> {
  await platform.open();
  const people: Account[] = [];
  for (const name of ["mira", "noor", "omar", "petra"]) people.push(await platform.join(name));
  const [mira, noor, omar, petra] = people as [Account, Account, Account, Account]; // Four were made.
  const { token: administrator } = await platform.administrator();
  const act = async (who: Account | string, line: string, body: object = {}) => {
    const [method, path = ""] = line.split(" ");
    const token = typeof who === "string" ? who : who.token;
    const answer = await platform.ask(`/api/v1${path}`, { method: method as "POST", token, body });
    assert.equal(answer.status, 200, `${line}: ${answer.text}`);
    return Number(answer.data["id"]);
  };
  // The consumer asks for followers on delivery, and not on publication.
  for (const who of [noor, omar, petra]) await act(who, `POST /users/${mira.id}/follow`);
  await act(petra, `DELETE /users/${mira.id}/follow`);
  const film = { name: "a.mp4", bytes: await clip("one-frame.mp4") };
  const first = await platform.upload("/api/v1/videos", mira.token, film, { title: "One zebra #wild #stripes" });
  const mediaId = Number(first.data["media_id"]);
  await platform.host.drain();
  const one = Number(first.data["id"]);
  const publish = (title: string) => act(mira, "POST /videos", { title, media_id: mediaId });
  const [two, three, four] = [
    await publish("Two zebras #wild"),
    await publish("Three #wild"),
    await publish("Four #odd"),
  ];
  for (const who of [noor, omar, petra]) {
    for (const id of [one, two, three, four]) {
      await act(who, `POST /videos/${id}/like`);
      await act(who, `POST /videos/${id}/play`, { position: 5 });
    }
  }
  await act(omar, `DELETE /videos/${one}/like`);
  const said = await act(noor, `POST /videos/${one}/comments`, { content: "look @omar" });
  const answered = await act(omar, `POST /videos/${one}/comments`, { content: "I did", parent_id: said });
  await act(noor, `POST /comments/${answered}/like`);
  const unsaid = await act(petra, `POST /videos/${one}/comments`, { content: "never mind" });
  await act(petra, `DELETE /comments/${unsaid}`);
  await act(omar, `POST /videos/${two}/comments`, { content: "first here" });
  await act(mira, "PUT /users/me", { nickname: "Mira of the zebras" });
  await act(mira, "PUT /users/me", { nickname: "Mira" });
  await act(mira, `PUT /videos/${one}`, { title: "One zebra, again #wild #again" });
  await act(mira, `PUT /videos/${one}`, { title: "One zebra at last #wild" });
  await act(mira, `PUT /videos/${two}`, { visibility: "private" });
  await act(mira, `DELETE /videos/${three}`);
  await act(petra, "POST /reports", { kind: "video", id: four, reason: "other", text: "odd" });
  await act(administrator, "POST /moderation/decisions", { kind: "video", id: four, action: "remove", note: "odd" });
  await act(administrator, "POST /moderation/decisions", {
    kind: "user",
    id: petra.id,
    action: "mute",
    note: "odd",
    until: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const folder = await act(noor, "POST /drive/folders", { name: "zebra drawings" });
  const inside = await act(noor, "POST /drive/folders", { name: "stripes", folder_id: folder });
  await act(noor, `PUT /drive/${inside}`, { name: "zebra stripes" });
  await act(noor, "POST /drive/trash", { ids: [folder] });
  await act(noor, "POST /drive/restore", { ids: [folder] });
  const old = await act(noor, "POST /drive/folders", { name: "old zebra", folder_id: folder });
  await act(noor, "POST /drive/remove", { ids: [old] });
  await act(noor, "POST /drive/trash", { ids: [inside] });
  await act(noor, "POST /messages", { receiver_id: mira.id, content: "good night" });
  await platform.host.drain();
  inOrder = await state();
}
