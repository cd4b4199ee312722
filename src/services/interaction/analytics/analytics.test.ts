import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userFollowed, userUnfollowed } from "#events/relation";
import { viewSources } from "#events/interaction";
import { callOf } from "#kernel/host/testing";
import { isNightly } from "#test/depth";
import { Random } from "#test/random";
import { until } from "#test/until";
import { sql } from "kysely";
import { isVideoDeleted, type Tables } from "../store.ts";
import { owner, Stand } from "../testing.ts";
import { sitesMax } from "../history/plays.ts";

describe("analytics", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => host[Symbol.asyncDispose]());

  it("count watch time, and views by day and source", async () => {
    await client.play({ id: 1, ranges: [[0, 30_000]], source: "feed" }, callOf(7));
    await client.play({ id: 1, ranges: [[30_000, 60_000]], source: "other" }, callOf(7));
    await client.play({ id: 1, positionMs: 5_000, source: "search" }, callOf(8));
    stand.clockMs += dayMs;
    await client.play({ id: 1, ranges: [[0, 15_000]], source: "search" }, callOf(7));
    const { series, previous, ...figures } = await videoAnalytics(7);
    assert.deepEqual(series.slice(-2), [
      { date: "2026-11-20", views: 2, watchTimeMs: 60_000 },
      { date: "2026-11-21", views: 1, watchTimeMs: 15_000 },
    ]);
    assert.equal(series.length, 7);
    assert.deepEqual(
      [figures.views, figures.watchTimeMs, figures.averageViewMs, figures.sources],
      [
        3,
        75_000,
        25_000,
        [
          { source: "search", views: 2 },
          { source: "feed", views: 1 },
        ],
      ],
    );
    assert.deepEqual(previous, { views: 0, watchTimeMs: 0, followersGained: 0 });
    stand.clockMs += 12 * dayMs;
    assert.deepEqual((await videoAnalytics(7)).previous, { views: 2 + 1, watchTimeMs: 75_000, followersGained: 0 });
    stand.clockMs += dayMs;
    assert.deepEqual((await videoAnalytics(7)).previous, { views: 1, watchTimeMs: 15_000, followersGained: 0 });
  });

  it("count one view and its length twice of reports of one viewer, however often they come (S3.4)", async () => {
    await Promise.all(Array.from({ length: 30 }, () => client.play({ id: 1, ranges: [[0, 4_000]] }, callOf(7))));
    const { views, watchTimeMs, sources } = await videoAnalytics(7);
    assert.deepEqual([views, watchTimeMs, sources], [1, 120_000, [{ source: "other", views: 1 }]]);
    await Promise.all(Array.from({ length: 30 }, () => client.play({ id: 1, ranges: [[0, 4_000]] }, callOf(7))));
    assert.equal((await videoAnalytics(7)).watchTimeMs, 120_000, "twice its length");
  });

  it("write reports that arrive during a write in one transaction", async () => {
    const release = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const locking = db().tx(async (tx) => {
      await isVideoDeleted(tx, 101);
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const reports: Promise<unknown>[] = [];
    for (const by of [101, 102, 103, 104, 105]) {
      const before = await watching();
      reports.push(client.play({ id: by, ranges: [[0, 4_000]] }, callOf(by)));
      await until(async () => (await watching()) > before);
    }
    release.resolve();
    await Promise.all([locking, ...reports]);
    const { rows } = await sql<{ viewers: number; transactions: number }>`
      SELECT count(*)::integer AS viewers, count(DISTINCT xmin::text)::integer AS transactions
      FROM interaction.watches WHERE user_id > 101`.execute(db());
    assert.deepEqual(rows, [{ viewers: 4, transactions: 1 }]);
  });

  it("have the share of each hundredth that was watched per view, among views with ranges", async () => {
    await client.play({ id: 1, ranges: [[0, 30_000]] }, callOf(7));
    await client.play({ id: 1, ranges: [[0, 15_300]] }, callOf(8));
    await client.play({ id: 1, finished: true }, callOf(9));
    const { retention } = await videoAnalytics(28);
    assert.deepEqual(retention, [
      ...Array.from({ length: 25 }, () => 1),
      0.75,
      ...Array.from({ length: 24 }, () => 0.5),
      ...Array.from({ length: 50 }, () => 0),
    ]);
  });

  it("count nothing beyond the end, overlaps once, and what was watched too briefly for a view", async () => {
    await client.play(
      {
        id: 1,
        ranges: [
          [55_000, 90_000],
          [58_000, 70_000],
        ],
      },
      callOf(7),
    );
    await client.play({ id: 1, ranges: [[0, 1_000]] }, callOf(8));
    const { views, watchTimeMs } = await videoAnalytics(7);
    assert.deepEqual([views, watchTimeMs], [1, 6_000]);
    const { items } = await client.history({}, callOf(8));
    assert.deepEqual(items, []);
  });

  it("refuse reversed and negative ranges, more than twenty, and sites that are no host names", async () => {
    const report = (input: object) => client.play({ id: 1, ...input }, callOf(7));
    for (const input of [
      { ranges: [[2_000, 1_000]] },
      { ranges: [[-1, 1_000]] },
      { ranges: [[Number.NaN, 1_000]] },
      { ranges: [[0]] },
      { ranges: [[0, 1, 2]] },
      { ranges: Array.from({ length: 21 }, () => [0, 1_000]) },
      { source: "embed", site: "example.org/page" },
      { source: "embed", site: "a b" },
      { source: "embed", site: `${"a.".repeat(127)}com` },
      { source: "elsewhere" },
    ])
      await assert.rejects(report(input), { code: "kernel.invalid_input" }, JSON.stringify(input));
    await report({ ranges: Array.from({ length: 20 }, () => [0, 5_000]) });
    assert.equal((await videoAnalytics(7)).watchTimeMs, 5_000);
  });

  it("save the end of the last range as the position where no other is reported", async () => {
    await client.play(
      {
        id: 1,
        ranges: [
          [40_000, 45_000],
          [0, 12_000],
        ],
      },
      callOf(7),
    );
    const { items } = await client.states({ videoIds: [1] }, callOf(7, { caller: "test" }));
    assert.equal(items[0]?.positionMs, 12_000);
  });

  it("name the embedding sites, at most fifty of a video and day", async () => {
    const play = (by: number, site: string | undefined, source: "embed" | "share" = "embed") =>
      client.play({ id: 1, finished: true, source, ...(site !== undefined && { site }) }, callOf(by));
    await play(1, "Example.org");
    await play(2, "example.org");
    await play(3, undefined);
    await play(4, "example.org", "share");
    await Promise.all(Array.from({ length: sitesMax + 9 }, (_, n) => play(100 + n, `s${n}.example`)));
    await play(5, "example.org");
    const { sources } = await videoAnalytics(7);
    assert.deepEqual(sources.slice(0, 2), [
      { source: "embed", views: 1 + 10 },
      { source: "embed", site: "example.org", views: 3 },
    ]);
    assert.equal(sources.filter(({ site }) => site !== undefined).length, sitesMax);
    assert.deepEqual(
      sources.filter(({ source }) => source === "share"),
      [{ source: "share", views: 1 }],
    );
    stand.clockMs += dayMs;
    await play(6, "another.example");
    assert.ok((await videoAnalytics(7)).sources.some(({ site }) => site === "another.example"));
  });

  it("count followers who stay, by the video they had just watched", async () => {
    for (const id of [1, 2]) await stand.show(id, "public", 1);
    await client.play({ id: 1, finished: true }, callOf(7));
    stand.clockMs += 1_000;
    await client.play({ id: 2, finished: true }, callOf(7));
    await client.play({ id: 1, finished: true }, callOf(8));
    for (const userId of [7, 8, 9]) await follow(userId);
    const gained = async (days: 7 | 28) => [
      (await videoAnalytics(days)).followersGained,
      (await client.videoAnalytics({ id: 2, days }, callOf(owner))).followersGained,
      (await client.channelAnalytics({ days }, callOf(owner))).followersGained,
    ];
    assert.deepEqual(await gained(7), [1, 1, 3]);
    await stand.decide(userUnfollowed, 8, { userId: 8, targetId: owner, atMs: stand.clockMs });
    assert.deepEqual(await gained(7), [0, 1, 2]);
    stand.clockMs += 7 * dayMs;
    assert.deepEqual(await gained(7), [0, 0, 0]);
    assert.deepEqual(await gained(28), [0, 1, 2]);
    assert.equal((await client.channelAnalytics({ days: 7 }, callOf(owner))).previous.followersGained, 2);
    await stand.deleteVideo(2);
    await stand.deleteUser(9);
    await host.drain();
    await follow(9);
    assert.equal((await client.channelAnalytics({}, callOf(owner))).followersGained, 1);
  });

  it("have the videos of the channel with the most views first", async () => {
    for (const id of [1, 2, 3]) await stand.show(id, "public", 1);
    for (const by of [7, 8]) await client.play({ id: 2, finished: true }, callOf(by));
    await client.play({ id: 1, finished: true }, callOf(7));
    const { top, views } = await client.channelAnalytics({ days: 7 }, callOf(owner));
    assert.deepEqual(top, [
      { videoId: 2, views: 2 },
      { videoId: 1, views: 1 },
    ]);
    assert.equal(views, 3);
    const stranger = await client.channelAnalytics({ days: 7 }, callOf(7));
    assert.deepEqual([stranger.views, stranger.top, stranger.sources], [0, [], []]);
  });

  it("are for the owner alone, and answer 404 for a video that the caller may not see", async () => {
    for (const call of [callOf(7), callOf(7, { role: "admin" })])
      await assert.rejects(client.videoAnalytics({ id: 1 }, call), { code: "video.not_yours", http: 403 });
    await assert.rejects(client.videoAnalytics({ id: 77 }, callOf(7)), { code: "video.not_found", http: 404 });
    for (const unsigned of [client.videoAnalytics({ id: 1 }, callOf()), client.channelAnalytics({}, callOf())])
      await assert.rejects(unsigned, { http: 401 });
    // A caller that is not typed.
    await assert.rejects(client.videoAnalytics({ id: 1, days: 30 as 28 }, callOf(owner)), { http: 400 });
  });

  it("are deleted with the video, and after the longest two periods", async () => {
    for (const id of [1, 2]) await client.play({ id, ranges: [[0, 9_000]] }, callOf(7));
    await stand.deleteVideo(1);
    await host.drain();
    for (const table of ["interaction.video_retention", "interaction.view_sources", "interaction.video_days"] as const)
      assert.deepEqual(await db().selectFrom(table).select("video_id").execute(), [{ video_id: 2 }], table);
    stand.clockMs += 181 * dayMs;
    await host.tick("interaction.views");
    for (const table of ["interaction.video_retention", "interaction.view_sources"] as const)
      assert.deepEqual(await db().selectFrom(table).select("video_id").execute(), [], table);
  });

  it("equal a naive count of many reports that arrive concurrently", async () => {
    const naive = new NaiveCount();
    for (const id of videoIds) await stand.show(id, "public", 1);
    const start = stand.clockMs;
    const random = new Random(11);
    const batches = 40;
    for (let batch = 0; batch < batches; batch++) {
      stand.clockMs = start + batch * Math.floor((195 * dayMs) / batches) + random.whole(0, dayMs / 2);
      const viewers = new Set<string>();
      const reports = Array.from({ length: reportCount / batches }, () => reportOf(random)).filter(
        ({ by, id }) => viewers.size < viewers.add(`${by} ${id}`).size,
      );
      for (const report of reports) naive.add(report, stand.clockMs);
      await Promise.all(reports.map(({ by, cells: _, ...report }) => client.play(report, callOf(by))));
      // The rest of a view, in the same half hour.
      const [first] = reports;
      assert.ok(first);
      naive.add(first, stand.clockMs);
      const { by, cells: _, ...again } = first;
      await client.play(again, callOf(by));
    }
    for (const days of [7, 28, 90] as const) {
      for (const id of videoIds) {
        const figures = await client.videoAnalytics({ id, days }, callOf(owner));
        assert.deepEqual(normal(figures), naive.answer([id], days, stand.clockMs), `video ${id}, ${days} days`);
      }
      const { top, ...channel } = await client.channelAnalytics({ days }, callOf(owner));
      assert.deepEqual(normal(channel), naive.answer(videoIds, days, stand.clockMs), `channel, ${days} days`);
      assert.equal(
        top.reduce((sum, { views }) => sum + views, 0),
        channel.views,
      );
    }
    await host.drain();
    assert.deepEqual(await host.findings("interaction"), []);
  });
});

const reportCount = isNightly ? 100_000 : 2_000;
const videoIds = [1, 2, 3];
const stand = new Stand();
const { host, client } = stand;
const dayMs = 86_400_000;
const db = () => host.database<Tables>("interaction");
const watching = async () => (await client.watching({ sinceDay: 0 }, callOf(undefined, { caller: "test" }))).now;
const videoAnalytics = (days: 7 | 28 | 90) => client.videoAnalytics({ id: 1, days }, callOf(owner));
const follow = (userId: number) => stand.decide(userFollowed, userId, { userId, targetId: owner, atMs: stand.clockMs });

type Figures = Awaited<ReturnType<typeof videoAnalytics>>;
/** Sources with as many views are in any order; shares are rounded. */
const normal = (figures: Figures) => ({
  ...figures,
  sources: figures.sources
    .map(({ source, site = "", views }) => `${source} ${site} ${views}`)
    .toSorted((a, b) => a.localeCompare(b)),
  retention: figures.retention.map((share) => share.toFixed(9)),
});

/** A film of a minute in cells of a quarter of a hundredth. */
const cellMs = 150;
const cellCount = 400;

interface Report {
  readonly id: number;
  readonly by: number;
  readonly ranges: number[][];
  readonly source: (typeof viewSources)[number];
  readonly site?: string;
  readonly finished: boolean;
  /** The watched cells. */
  readonly cells: ReadonlySet<number>;
}

function reportOf(random: Random): Report {
  const bounds = Array.from({ length: random.whole(0, 4) }, () =>
    [random.whole(0, cellCount + 40), random.whole(0, cellCount + 40)].toSorted((a, b) => a - b),
  );
  const cells = new Set<number>();
  for (const [from = 0, to = 0] of bounds)
    for (let cell = from; cell < Math.min(to, cellCount); cell++) cells.add(cell);
  const source = viewSources[random.whole(0, viewSources.length - 1)] ?? "other";
  return {
    id: random.whole(1, 3),
    by: random.whole(2_000, 2_000 + reportCount),
    ranges: bounds.map((bound) => bound.map((cell) => cell * cellMs)),
    source,
    ...(source === "embed" && { site: `s${random.whole(1, 8)}.example` }),
    finished: random.whole(1, 4) === 1,
    cells,
  };
}

/** Keeps all reports and counts them anew for each question. */
class NaiveCount {
  readonly #reports: (Report & { readonly day: number; readonly isView: boolean; readonly watchedMs: number })[] = [];
  readonly #seen = new Set<string>();
  readonly #creditedMs = new Map<string, number>();

  add(report: Report, atMs: number): void {
    const { cells, finished, id, by } = report;
    const key = `${id} ${by} ${Math.floor(atMs / 1_800_000)}`;
    const isView = (finished || cells.size * cellMs >= 3_000) && !this.#seen.has(key);
    if (isView) this.#seen.add(key);
    const creditedMs = this.#creditedMs.get(key) ?? 0;
    const watchedMs = Math.min(cells.size * cellMs, 2 * cellCount * cellMs - creditedMs);
    this.#creditedMs.set(key, creditedMs + watchedMs);
    const plausibleCells = watchedMs === cells.size * cellMs ? cells : new Set<number>();
    this.#reports.push({ ...report, cells: plausibleCells, watchedMs, isView, day: Math.floor(atMs / dayMs) });
  }

  answer(ids: readonly number[], days: number, nowMs: number) {
    const today = Math.floor(nowMs / dayMs);
    const within = (from: number, to: number) =>
      this.#reports.filter(({ id, day }) => ids.includes(id) && day >= from && day <= to);
    const totals = (reports: ReturnType<typeof within>) => ({
      views: reports.filter(({ isView }) => isView).length,
      watchTimeMs: reports.reduce((sum, { watchedMs }) => sum + watchedMs, 0),
    });
    const now = within(today - days + 1, today);
    const { views, watchTimeMs } = totals(now);
    const counted = now.filter(({ isView }) => isView);
    const sources = Map.groupBy(counted, ({ source, site = "" }) => `${source} ${site}`);
    const measured = counted.filter(({ cells }) => cells.size > 0).length;
    return {
      views,
      watchTimeMs,
      averageViewMs: views === 0 ? 0 : Math.round(watchTimeMs / views),
      followersGained: 0,
      series: Array.from({ length: days }, (_, place) => {
        const day = today - days + 1 + place;
        return { date: new Date(day * dayMs).toISOString().slice(0, 10), ...totals(within(day, day)) };
      }),
      retention: Array.from({ length: 100 }, (_, bucket) => {
        const watched = now.reduce(
          (sum, { cells }) => sum + [0, 1, 2, 3].filter((part) => cells.has(bucket * 4 + part)).length,
          0,
        );
        return (measured === 0 ? 0 : Math.min(1, watched / 4 / measured)).toFixed(9);
      }),
      sources: [...sources].map(([key, all]) => `${key} ${all.length}`).toSorted((a, b) => a.localeCompare(b)),
      previous: { ...totals(within(today - 2 * days + 1, today - days)), followersGained: 0 },
    };
  }
}
