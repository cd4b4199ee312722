import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import { activityImported, videoViewed } from "#events/interaction";
import { blocklistChanged, contentFlagged, userMuted } from "#events/moderation";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { hashtagCreated } from "#events/hashtag";
import { contract, type EventType, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { usualRules } from "#policy/copies/blocklist";
import fc from "fast-check";
import type { z } from "zod";
import { hashtag } from "./contract.ts";
import { hashtagPlugin } from "./plugin.ts";

describe("hashtag", () => {
  before(async () => {
    await host.add(hashtagPlugin);
    await host.add(neighbours);
  });
  beforeEach(async () => {
    await host.clear();
    publishedEvents.length = 0;
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(() => host[Symbol.asyncDispose]());

  it("is created once, in any spelling and under concurrent requests", async () => {
    const names = ["Sea", "SEA", "#sea", " ｓＥａ "];
    const [first, ...others] = await Promise.all(
      names.map((name) => client.create({ name, description: name }, callOf(1))),
    );
    assert.ok(first);
    for (const other of others) assert.deepEqual(other, first);
    assert.deepEqual(await client.get({ id: first.id }, callOf()), first);
    assert.deepEqual(await client.byName({ name: "#sEa" }, callOf()), first);
    await host.drain();
    assert.deepEqual(publishedEvents, [`${first.id}:${first.name}`]);
    assert.deepEqual([first.videoCount, first.viewCount, first.hotScore, first.isHot], [0, 0, 0, false]);
  });

  it("is refused to muted users and with blocklist terms, and is visible to everybody", async () => {
    const { id } = await client.create({ name: "sea" }, callOf(1));
    await publishEvent(userMuted, 7, { userId: 7, reason: "loud", untilMs: clockMs + 1_000, atMs: clockMs });
    const words = [
      { pattern: "nasty", action: "refuse" as const },
      { pattern: "odd", action: "hold" as const },
    ];
    await publishEvent(blocklistChanged, 1, { version: 1, words, rules: usualRules });
    await host.drain();
    await assert.rejects(client.create({ name: "dusk" }, callOf(7)), { code: "moderation.muted", http: 403 });
    assert.equal((await client.create({ name: "SEA" }, callOf(7))).id, id);
    for (const said of [{ name: "nasty" }, { name: "dusk", description: "so nasty" }])
      await assert.rejects(client.create(said, callOf(8)), { code: "moderation.words_refused" });
    assert.equal((await client.create({ name: "night", description: "odd" }, callOf(8))).description, "odd");
    await host.drain();
    assert.deepEqual(
      publishedEvents.slice(1).toSorted(),
      ["flagged:8:night\nodd:word: odd", `${await idOf("night")}:night`].toSorted(),
    );
    clockMs += 1_001;
    await client.create({ name: "dusk" }, callOf(7));
    await publishEvent(userDeleted, 7, { userId: 7 });
    await host.drain();
    assert.deepEqual((await client.mutedUsers({ limit: 9 }, callOf(undefined, { caller: "test" }))).items, []);
  });

  it("accepts names of one to fifty characters, and nothing else", async () => {
    for (const name of ["海", "a-b", "C++", "x".repeat(50), "#sea side", "🎉"])
      assert.equal((await client.create({ name }, callOf(1))).name, name.replace("#", ""));
    for (const name of [
      "",
      "#",
      " ",
      "a#b",
      "x".repeat(51),
      "a\nb",
      "a\u202Eb",
      "x".repeat(50_000),
      " ".repeat(50_000),
    ])
      await assert.rejects(client.create({ name }, callOf(1)), { code: "kernel.invalid_input" }, name.slice(0, 60));
    await assert.rejects(client.create({ name: "sea" }, callOf()), { http: 401 });
    for (const missing of [
      () => client.get({ id: 7 }, callOf()),
      () => client.byName({ name: "none" }, callOf()),
      () => client.videos({ id: 7 }, callOf()),
    ])
      await assert.rejects(missing, { code: "hashtag.not_found", http: 404 });
  });

  it("counts its public videos, through every change of them", async () => {
    await publish(1, ["Sea", "dusk"]);
    await publish(2, ["sea"]);
    assert.deepEqual(await counts(), { Sea: 2, dusk: 1 });
    await update(1, 2, ["rain", "DUSK"]);
    assert.deepEqual(await counts(), { Sea: 1, dusk: 1, rain: 1 });
    for (const [place, visibility] of (["private", "unlisted", "followers", "password"] as const).entries()) {
      await update(1, 3 + place, ["dusk"], { visibility });
      assert.deepEqual(await counts(), { Sea: 1, dusk: 0, rain: 0 });
    }
    await update(1, 14, ["dusk"]);
    await update(1, 15, ["dusk"], { publishedAtMs: null });
    assert.deepEqual(await counts(), { Sea: 1, dusk: 0, rain: 0 });
    await remove(2);
    assert.deepEqual(await counts(), { Sea: 0, dusk: 0, rain: 0 });
  });

  it("is hidden while only non-public videos have it", async () => {
    await publish(1, ["secret"], { visibility: "private" });
    await assert.rejects(client.byName({ name: "secret" }, callOf()), { code: "hashtag.not_found" });
    assert.deepEqual(publishedEvents, []);
  });

  it("ignores events of older versions, and events after a deletion", async () => {
    await update(1, 3, ["new"]);
    await publish(1, ["old"]);
    await update(1, 2, ["older"]);
    assert.deepEqual(await counts(), { new: 1 });
    await remove(1);
    await update(1, 9, ["again"]);
    await publish(1, ["again"]);
    assert.deepEqual(await counts(), { new: 0 });
  });

  it("counts correctly after concurrent edits, deletions, views and repeats in any order", async () => {
    const act = fc.record({
      video: fc.integer({ min: 1, max: 4 }),
      version: fc.integer({ min: 1, max: 6 }),
      names: fc.subarray(["a", "b", "c", "d"]),
      kind: fc.constantFrom("update", "update", "update", "private", "view", "delete"),
    });
    await fc.assert(
      fc
        .asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
          // One version says one thing.
          const said = new Map(acts.map((one) => [`${one.video}:${one.version}`, one]));
          const all = acts.map((one) =>
            one.kind === "view" || one.kind === "delete" ? one : (said.get(`${one.video}:${one.version}`) ?? one),
          );
          await Promise.all(
            [...all, ...all.slice(0, 3)].map(({ video, version, names, kind }) =>
              kind === "view"
                ? publishEvent(videoViewed, video, { videoId: video, positionMs: 1, durationMs: 1, finished: true })
                : kind === "delete"
                  ? publishEvent(videoDeleted, video, { videoId: video, userId: 1, mediaId: 1, isLastOfMedia: true })
                  : publishEvent(
                      videoUpdated,
                      video,
                      updated(video, version, names, kind === "private" ? { visibility: "private" } : {}),
                    ),
            ),
          );
          await host.drain();
          await verified();
          for (const video of [1, 2, 3, 4]) {
            const own = all.filter((one) => one.video === video);
            const latest = own
              .filter(({ kind }) => kind !== "view" && kind !== "delete")
              .toSorted((a, b) => b.version - a.version)[0];
            const isVisible = latest?.kind === "update" && !own.some(({ kind }) => kind === "delete");
            for (const name of ["a", "b", "c", "d"]) {
              const tag = await client.byName({ name }, callOf()).catch(() => undefined);
              const { items } = tag ? await client.videos({ id: tag.id }, callOf()) : { items: [] };
              const carries = items.some(({ videoId }) => videoId === video);
              assert.equal(carries, isVisible && latest.names.includes(name), `${video} ${name}`);
            }
          }
        })
        .beforeEach(() => host.clear()),
      { numRuns: 12 },
    );
  });

  it("scores views and new videos, each half as much a day later", async () => {
    await publish(1, ["calm"]);
    await publish(2, ["busy"]);
    for (let n = 0; n < 12; n++) await view(2);
    assert.deepEqual(await hot(), [
      ["busy", 16, true, 12],
      ["calm", 4, false, 0],
    ]);
    clockMs += 24 * 3_600_000;
    await publish(3, ["fresh"]);
    for (let n = 0; n < 5; n++) await view(3);
    assert.deepEqual(await hot(), [
      ["fresh", 9, false, 5],
      ["busy", 8, false, 12],
      ["calm", 2, false, 0],
    ]);
    await update(2, 2, ["calm"]);
    assert.deepEqual(await hot(), [
      ["calm", 10, true, 12],
      ["fresh", 9, false, 5],
    ]);
    await update(2, 3, ["busy"]);
    assert.deepEqual(
      (await hot()).map(([name, score]) => [name, score]),
      [
        ["fresh", 9],
        ["busy", 8],
        ["calm", 2],
      ],
    );
  });

  it("counts imported views of past days, each day at what is left of its score", async () => {
    await publish(1, ["sea"]);
    const today = Math.floor(clockMs / 86_400_000);
    const days = [
      { day: today - 1, views: 40, likes: 3 },
      { day: today, views: 20, likes: 0 },
    ];
    await publishEvent(activityImported, 1, { videoId: 1, days });
    await publishEvent(activityImported, 2, { videoId: 2, days });
    await publishEvent(activityImported, 3, { videoId: 3, days: [] });
    await host.drain();
    assert.deepEqual(await hot(), [["sea", 44, true, 60]]);
    // Imported views of an unpublished video count once it is published.
    await publish(2, ["sea"]);
    assert.deepEqual(await hot(), [["sea", 88, true, 120]]);
  });

  it("lists trending hashtags with their three hottest videos", async () => {
    for (const id of [1, 2, 3, 4]) await publish(id, id === 4 ? ["wide", "narrow"] : ["wide"]);
    for (let n = 0; n < 3; n++) await view(2);
    await view(1);
    const { items } = await client.trending({ limit: 2 }, callOf());
    assert.deepEqual(
      items.map(({ name, videoIds }) => [name, videoIds]),
      [
        ["wide", [2, 1, 4]],
        ["narrow", [4]],
      ],
    );
  });

  it("keeps its score when it is added to a video and removed again", async () => {
    await publish(1, ["pump"]);
    for (let version = 2; version < 12; version++) await update(1, version, version % 2 === 0 ? [] : ["pump"]);
    assert.deepEqual(await hot(), [["pump", 4, false, 0]]);
  });

  it("marks ten hashtags as hot at most", async () => {
    const names = Array.from({ length: 12 }, (_, n) => `t${n}`);
    for (const [n, name] of names.entries()) {
      await publish(n + 1, [name]);
      for (let views = 0; views < 10 + n; views++) await view(n + 1);
    }
    const hashtags = await hot();
    assert.deepEqual(
      hashtags.map(([name]) => name),
      names.toReversed(),
    );
    assert.equal(hashtags.filter(([, , isHot]) => isHot).length, 10);
    assert.equal((await client.hot({ limit: 3 }, callOf())).items.length, 3);
  });

  for (const sort of ["new", "hot"] as const)
    it(`lists every video once, ${sort} first, while others are added and deleted`, async () => {
      for (let id = 1; id <= 9; id++) {
        clockMs += 60_000;
        await publish(id, ["sea"]);
      }
      await view(5);
      const { id } = await client.byName({ name: "sea" }, callOf());
      const first = await client.videos({ id, sort, limit: 2, count: true }, callOf());
      const seen = first.items.map(({ videoId }) => videoId);
      clockMs += 60_000;
      await publish(10, ["sea"]);
      await remove(4);
      await update(8, 2, []);
      for (let { next } = first; next !== null; ) {
        const page = await client.videos({ id, sort, limit: 2, cursor: next }, callOf());
        seen.push(...page.items.map(({ videoId }) => videoId));
        next = page.next;
      }
      // Read before it was taken off.
      assert.deepEqual(seen, sort === "new" ? [9, 8, 7, 6, 5, 3, 2, 1] : [5, 9, 7, 6, 3, 2, 1]);
      assert.equal(first.total, 9);
    });

  it("pages by number and refuses cursors it did not write", async () => {
    for (let id = 1; id <= 5; id++) await publish(id, ["sea"], { publishedAtMs: 1_000 });
    const { id } = await client.byName({ name: "sea" }, callOf());
    const page = await client.videos({ id, skip: 2, limit: 2 }, callOf());
    assert.deepEqual(page.items, [{ videoId: 3 }, { videoId: 2 }]);
    await assert.rejects(client.videos({ id, cursor: "bm8" }, callOf()), { code: "kernel.bad_cursor", http: 400 });
  });
});

let clockMs = Date.UTC(2026, 10, 20);
const host = new TestHost({ environment: { now: () => clockMs } });
const client = host.client(hashtag);
const publishedEvents: string[] = [];
let neighbour: Host;
const idOf = async (name: string) => (await client.byName({ name }, callOf())).id;

/** Replaces video and interaction: publishes their events, and consumes those of hashtag. */
const neighbours = plugin({
  contract: contract("video", 1, {}),
  needs: [],
  migrations: [],
  start(given: Host) {
    neighbour = given;
    const created = async (_: unknown, { hashtagId, name }: { hashtagId: number; name: string }) =>
      void publishedEvents.push(`${hashtagId}:${name}`);
    const flagged = async (_: unknown, { id, excerpt, heldFor }: { id: number; excerpt: string; heldFor: string }) =>
      void publishedEvents.push(`flagged:${id}:${excerpt}:${heldFor}`);
    return { handlers: {}, subscriptions: [on(hashtagCreated, created), on(contentFlagged, flagged)] };
  },
});

const publishEvent = <P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>) =>
  neighbour.db.tx((tx) => neighbour.emit(tx, type, key, payload));

interface Changes {
  readonly visibility?: "public" | "unlisted" | "private" | "followers" | "password";
  readonly publishedAtMs?: number | null;
}
const updated = (videoId: number, version: number, hashtags: string[], changes: Changes = {}) => ({
  videoId,
  userId: 1,
  changed: ["hashtags"],
  title: "t",
  hashtags,
  visibility: "public" as const,
  publishedAtMs: clockMs,
  generation: 1,
  version,
  ...changes,
});
async function publish(
  videoId: number,
  hashtags: string[],
  changes: { visibility?: "private"; publishedAtMs?: number } = {},
) {
  const { visibility = "public" as const, publishedAtMs = clockMs } = changes;
  await publishEvent(videoPublished, videoId, {
    videoId,
    userId: 1,
    title: "t",
    hashtags,
    visibility,
    publishedAtMs,
    version: 1,
  });
  await host.drain();
}
async function update(videoId: number, version: number, hashtags: string[], changes: Changes = {}) {
  await publishEvent(videoUpdated, videoId, updated(videoId, version, hashtags, changes));
  await host.drain();
}
async function remove(videoId: number) {
  await publishEvent(videoDeleted, videoId, { videoId, userId: 1, mediaId: 1, isLastOfMedia: true });
  await host.drain();
}
async function view(videoId: number) {
  await publishEvent(videoViewed, videoId, { videoId, positionMs: 1, durationMs: 1, finished: true });
  await host.drain();
}
async function counts(): Promise<Record<string, number>> {
  const service = callOf(undefined, { caller: "test" });
  const { items } = await client.batch({}, service);
  const { items: whole } = await client.briefs({ ids: items.map(({ id }) => id) }, service);
  await verified();
  return Object.fromEntries(whole.toSorted((a, b) => a.id - b.id).map(({ name, videoCount }) => [name, videoCount]));
}
async function hot(): Promise<[string, number, boolean, number][]> {
  const { items } = await client.hot({ limit: 100 }, callOf());
  await verified();
  return items.map(({ name, hotScore, isHot, viewCount }) => [name, Math.round(hotScore), isHot, viewCount]);
}
async function verified(): Promise<void> {
  const findings: string[] = [];
  for await (const { finding } of (await host.host()).verify({ readsAll: false })) findings.push(finding);
  assert.deepEqual(findings, []);
}
