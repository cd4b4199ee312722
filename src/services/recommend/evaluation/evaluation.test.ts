import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { Random } from "#test/random";
import { until } from "#test/until";
import { createPageLog } from "../feeds/page-log.ts";
import { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { FeedFixture } from "../testing.ts";
import { evaluationOf } from "./evaluation.ts";
import { reportOf } from "./report.ts";

describe("the evaluation of an instance", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("compares lists with what users liked later, and orders and models with what followed served pages", async () => {
    const groups = await watchedByGroups();
    await fixture.client.train({}, callOf(1, { role: "admin" }));
    await fixture.settle();
    await modelIsServed();
    const finished = await served(groups);
    const evaluation = await evaluated();
    const accuracies = new Map(evaluation.lists.rows.map(({ list, accuracy }) => [list, accuracy]));
    const recall = (list: "model" | "co-visits" | "most watched" | "newest") => accuracies.get(list)?.recall ?? 0;
    assert.ok(evaluation.lists.users > 100);
    // A list has 20 of the 160 videos, and a group likes 40.
    for (const list of ["model", "co-visits"] as const)
      assert.ok(
        recall(list) > 1.5 * recall("most watched") && recall(list) > 1.5 * recall("newest"),
        reportOf(evaluation).join("\n"),
      );

    assert.equal(evaluation.pages.count, viewers.length);
    const [asServed, highest] = evaluation.orders.map(({ estimate }) => estimate);
    assert.deepEqual([asServed?.places, asServed?.users], [viewers.length * 20, viewers.length]);
    // Each video that was finished is worth 1, and nothing else was done.
    assert.ok(Math.abs((asServed?.value ?? 0) - finished / (viewers.length * 20)) < 1e-9);
    const text = reportOf(evaluation).join("\n");
    assert.ok((highest?.effectivePlaces ?? 0) > 100 && (highest?.low ?? 0) > (asServed?.high ?? 0), text);
    // It has others in nearly every place.
    assert.match(text, /most watched first +– +too small/);
    const [byModel, ...others] = evaluation.models;
    assert.deepEqual([others.length, byModel?.share, byModel?.pages], [0, 100, viewers.length]);
    assert.equal(byModel?.estimate.value, asServed?.value);

    assert.match(text, /model +0\.\d{4} +0\.\d{4}\n +co-visits +0\.\d{4} +0\.\d{4}\n +most watched/);
    assert.match(text, /as served +0\.\d{3} +0\.\d{3} to 0\.\d{3} +800 +0/);
    assert.match(text, new RegExp(`${byModel?.modelId} +100 % +40 +800 +0\\.`));
  });

  it("records what places were drawn from, the best first, beside the page", async () => {
    const groups = await watchedByGroups({ videos: 80, users: 40 });
    await served(groups);
    const [page] = await pages();
    assert.ok(page?.candidate_ids && page.candidate_scores && page.authors_before && page.explored_places);
    assert.equal(page.candidate_ids.length, 60);
    assert.deepEqual(
      page.candidate_scores,
      page.candidate_scores.toSorted((a, b) => b - a),
    );
    for (const [place, videoId] of page.video_ids.entries())
      assert.ok(page.candidate_ids.includes(videoId) || page.explored_places.includes(place), `place ${place}`);
    const log = createPageLog({ ...fixture.parts, nextId: () => 5, now: () => 1, settings: Settings.parse({}) });
    const slot = { videoId: 1, reason: "fresh", propensity: 0.5, isExplored: false };
    log.add({
      userId: 7,
      modelId: null,
      slots: [slot, { ...slot, isExplored: true }],
      choices: {
        candidates: [0.1234, 90, -0.5, 0.9].map((score, n) => ({ videoId: n + 1, score })),
        authorsBefore: [50],
      },
    });
    await log.flush();
    const own = (await pages()).find(({ id }) => id === 5);
    assert.deepEqual(
      [own?.candidate_ids, own?.candidate_scores],
      [
        [2, 4, 1, 3],
        [32_767, 900, 123, -500],
      ],
    );
    assert.deepEqual([own?.authors_before, own?.explored_places], [[50], [1]]);
    await fixture.client.feed({}, callOf());
    await until(async () => (await pages()).length > viewers.length + 1);
    const common = (await pages()).find(({ user_id }) => user_id === null);
    assert.deepEqual([common?.candidate_ids, common?.explored_places], [null, null]);
  });

  it("leaves out users without a history, pages of the last hour, and signals beyond its bound", async () => {
    const groups = await watchedByGroups({ videos: 80, users: 40 });
    await served(groups, { hoursLater: 0 });
    assert.equal((await evaluated()).pages.count, 0, "it is not known yet what follows");
    fixture.clockMs += 3_600_000;
    assert.equal((await evaluated()).pages.count, viewers.length);
    await fixture.clearHistory(viewers[0] ?? 0);
    const evaluation = await evaluated();
    assert.equal(evaluation.pages.count, viewers.length - 1);
    assert.equal(evaluation.isCut, false);
    const cut = await evaluationOf(fixture.parts.db, fixture.clockMs, { signalsMax: 10 });
    assert.deepEqual([cut.isCut, cut.signals <= 10], [true, true]);
    assert.match(reportOf(cut).join("\n"), /older signals were left out/);
  });

  it("says that a log is too small", async () => {
    const videoId = await fixture.publish();
    await fixture.watch([videoId, 7, 1]);
    await fixture.settle();
    const nothing = reportOf(await evaluated()).join("\n");
    assert.match(nothing, /The log is too small: 0 users liked five videos/);
    assert.match(nothing, /The log is too small: it has no personal page/);
    for (let n = 0; n < 10; n++) await fixture.publish({ userId: 200 + n });
    await fixture.client.feed({ limit: 5 }, callOf(7));
    await until(async () => (await pages()).length === 1);
    fixture.clockMs += 2 * 3_600_000;
    const small = reportOf(await evaluated()).join("\n");
    assert.match(small, /as served +– +too small +5 /);
    assert.match(small, /100 effective places of 10 users are needed/);
  });
});

/** A process looks for models beside its first page, which has none yet. */
async function modelIsServed(): Promise<void> {
  const db = fixture.host.database<Tables>("recommend");
  const models = async () =>
    (await db.selectFrom("recommend.pages").select("model_id").execute()).map((one) => one.model_id);
  let asked = 0;
  await until(async () => {
    await fixture.client.feed({ limit: 1 }, callOf(999_999));
    asked++;
    return (await models()).some((id) => id !== null);
  });
  // Pages are written a while after they were served.
  await until(async () => (await models()).length === asked);
  await db.tx((tx) => tx.deleteFrom("recommend.pages").execute());
}

const fixture = new FeedFixture();
const viewers = Array.from({ length: 40 }, (_, n) => 1_000 + n);

const evaluated = () => evaluationOf(fixture.parts.db, fixture.clockMs);
const pages = () =>
  fixture.host.database<Tables>("recommend").selectFrom("recommend.pages").selectAll().orderBy("id").execute();

/** Four groups of users, each of which watches its own quarter of the videos; yields these. */
async function watchedByGroups({ videos = 160, users = 200 } = {}): Promise<number[][]> {
  const groups: number[][] = [[], [], [], []];
  for (let n = 0; n < videos; n++) groups[n % 4]?.push(await fixture.publish({ userId: 100 + n }));
  const random = new Random(11);
  // In any order of videos: each round has a part of what each user watches.
  const rounds: [videoId: number, userId: number, share: number][][] = Array.from({ length: 6 }, () => []);
  for (let userId = 1_000; userId < 1_000 + users; userId++)
    for (const videoId of groups[userId % 4] ?? [])
      if (random.next() < 0.3) random.pick(rounds)?.push([videoId, userId, 1]);
  for (const round of rounds) {
    await fixture.watch(...round);
    await fixture.settle();
  }
  return groups;
}

/** A page for each viewer, of which everybody watches what is of their group; yields how many videos that were. */
async function served(groups: readonly (readonly number[])[], { hoursLater = 2 } = {}): Promise<number> {
  let finished = 0;
  for (const userId of viewers) {
    const { items } = await fixture.client.feed({ limit: 20 }, callOf(userId));
    const own = items.map(({ videoId }) => videoId).filter((id) => groups[userId % 4]?.includes(id));
    finished += own.length;
    if (own.length > 0) await fixture.watch(...own.map((id) => [id, userId, 1] as const));
  }
  await fixture.settle();
  await until(async () => (await pages()).length === viewers.length);
  fixture.clockMs += hoursLater * 3_600_000;
  return finished;
}
