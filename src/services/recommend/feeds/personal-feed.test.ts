import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { callOf } from "#kernel/host/testing";
import { tickOf } from "#kernel/ids/id";
import { Random } from "#test/random";
import { until } from "#test/until";
import { impressionBudget } from "../pool/video-pool.ts";
import type { Tables } from "../store.ts";
import { FeedFixture } from "../testing.ts";

describe("a personal feed", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("has more of a topic that was watched to the end, and less of one that was skipped, from the next page on", async () => {
    const topics = ["sea", "trains", "food", "moss"];
    const byTopic = new Map<string, number[]>(topics.map((topic) => [topic, []]));
    for (let n = 0; n < 80; n++) {
      const topic = topics[n % topics.length] ?? "";
      byTopic.get(topic)?.push(await fixture.publish({ userId: 100 + n, tags: [topic] }));
    }
    const topicOf = (id: number) => topics.find((topic) => byTopic.get(topic)?.includes(id));
    // Some places of a page are drawn: one page may have three of what is liked least.
    const share = async (topic: string) => {
      const pages = Array.from({ length: 8 }, () => fixture.client.feed({ limit: 20 }, callOf(7)));
      const items = (await Promise.all(pages)).flatMap((page) => page.items);
      return items.filter(({ videoId }) => topicOf(videoId) === topic).length / pages.length;
    };
    assert.ok((await share("trains")) < 10, "nothing is known at first");
    for (const id of byTopic.get("trains")?.slice(0, 4) ?? []) await fixture.watch([id, 7, 1]);
    for (const id of byTopic.get("food")?.slice(0, 4) ?? []) await fixture.watch([id, 7, 0.02]);
    await fixture.settle();
    assert.ok((await share("trains")) >= 10, `${await share("trains")} of 20`);
    assert.ok((await share("food")) <= 2, `${await share("food")} of 20`);
    const { items } = await fixture.client.feed({ limit: 20 }, callOf(7));
    const reasons = items.filter(({ videoId }) => topicOf(videoId) === "trains");
    assert.ok(
      reasons.some(({ reason, tag }) => reason === "content" && tag === "trains"),
      JSON.stringify(reasons),
    );
  });

  it("finds what users with the same taste watched, without a tag", async () => {
    const videos: number[] = [];
    for (let n = 0; n < 60; n++) videos.push(await fixture.publish({ userId: 100 + n }));
    const random = new Random(7);
    // Two groups, each of which watches every other video.
    for (let userId = 20; userId < 60; userId++) {
      const own = videos.filter((_, n) => n % 2 === userId % 2 && random.next() < 0.4);
      await fixture.watch(...own.map((id) => [id, userId, 1] as const));
    }
    for (const id of videos.filter((_, n) => n % 2 === 0).slice(0, 4)) await fixture.watch([id, 7, 1]);
    await fixture.settle();
    const { items } = await fixture.client.feed({ limit: 20 }, callOf(7));
    const own = items.filter(({ videoId }) => videos.indexOf(videoId) % 2 === 0).length;
    assert.ok(own >= 15, `${own} of 20`);
    assert.ok(items.filter(({ reason }) => reason === "similar").length >= 10, JSON.stringify(items));
  });

  it("goes on to its end without a repeat, and has everything once, watched videos last", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 90; n++) ids.push(await fixture.publish({ userId: 100 + (n % 9), tags: [`t${n % 7}`] }));
    for (const id of ids.slice(50, 60)) await fixture.watch([id, 7, 1]);
    await fixture.settle();
    const seen: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await fixture.client.feed({ limit: 10, ...(cursor && { cursor }) }, callOf(7));
      seen.push(...page.items.map(({ videoId }) => videoId));
      for (const { videoId } of page.items.slice(0, 5)) await fixture.watch([videoId, 7, 1]);
      await fixture.settle();
      if (page.next === null) break;
      cursor = page.next;
    }
    assert.equal(new Set(seen).size, seen.length, "no video is repeated");
    // 1 % of those behind a long feed seem to have been in it.
    assert.ok(seen.length >= 88, `${seen.length} of 90`);
    assert.ok(seen.slice(-12).filter((id) => ids.slice(50, 60).includes(id)).length >= 9);
  });

  it("is what everybody has for a viewer who turned it off, and for one whose choices are reset", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 12; n++) ids.push(await fixture.publish({ userId: 100 + n, tags: [n < 6 ? "sea" : "moss"] }));
    for (const id of ids.slice(0, 2)) await fixture.watch([id, 7, 1]);
    await fixture.settle();
    await fixture.client.setFeedSettings({ isPersonal: false, popular: -2 }, callOf(7));
    const everybody = (await fixture.client.feed({ limit: 12 }, callOf())).items.map(({ videoId }) => videoId);
    const own = async () => (await fixture.client.feed({ limit: 12 }, callOf(7))).items.map(({ videoId }) => videoId);
    assert.deepEqual(await own(), everybody);
    await fixture.client.reset({}, callOf(7));
    assert.deepEqual(await fixture.client.feedSettings({}, callOf(7)), {
      isPersonal: true,
      fresh: 0,
      following: 0,
      popular: 0,
      similar: 0,
    });
    assert.deepEqual((await fixture.client.interests({}, callOf(7))).items, []);
    assert.deepEqual((await fixture.client.signals({}, callOf(7))).items, []);
  });

  it("follows the weights of its viewer", async () => {
    for (let n = 0; n < 60; n++) await fixture.publish({ userId: n < 30 ? 200 : 100 + n });
    fixture.follows.set(7, [200]);
    const followed = async (following: number) => {
      await fixture.client.setFeedSettings({ following, fresh: -following }, callOf(7));
      const { items } = await fixture.client.feed({ limit: 20 }, callOf(7));
      return items.filter(({ reason }) => reason === "follow").length;
    };
    const [less, more] = [await followed(-2), await followed(2)];
    assert.ok(more > less, `${more} of 20 with more, ${less} with less`);
  });

  it("is not moved by a group of new accounts that pushes a video", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 40; n++) ids.push(await fixture.publish({ userId: 100 + n }));
    fixture.clockMs += 20 * 86_400_000;
    const pushed = await fixture.publish({ userId: 300 });
    const group = Array.from({ length: 60 }, (_, n) => (tickOf(fixture.clockMs - 3_600_000) * 64 + 1) * 1_024 + n);
    // Their views make them look like users with a taste.
    for (const userId of group)
      await fixture.watch([pushed, userId, 1], ...ids.slice(0, 5).map((id) => [id, userId, 1] as const));
    for (const userId of group) await fixture.like(pushed, userId);
    await fixture.view(pushed, 1, group[0]);
    await fixture.settle();
    const viewer = 7;
    for (const id of ids.slice(0, 5)) await fixture.watch([id, viewer, 1]);
    await fixture.settle();
    const { items } = await fixture.client.feed({ limit: 20 }, callOf(viewer));
    const found = items.find(({ videoId }) => videoId === pushed);
    assert.ok(found === undefined || found.reason === "fresh", JSON.stringify(found));
    assert.deepEqual(
      (await fixture.client.hot({ limit: 1 }, callOf())).items.map(({ videoId }) => videoId),
      [pushed],
      "it is the latest one, and nothing else was watched",
    );
    const score = await fixture.hotValue(pushed);
    assert.ok(score < 8, `${score}: 4 are of the publication, and 240 would be of the likes`);
  });

  it("has no group of new accounts lead its hot videos on a site of an hour, where two others like another one", async () => {
    const [liked, pushed] = [await fixture.publish({ userId: 100 }), await fixture.publish({ userId: 101 })];
    fixture.clockMs += 3_600_000;
    const group = Array.from({ length: 20 }, (_, n) => (tickOf(fixture.clockMs - 600_000) * 64 + 1) * 1_024 + n);
    for (const userId of group) {
      await fixture.view(pushed, 1, userId);
      await fixture.like(pushed, userId);
    }
    for (const userId of [11, 12]) await fixture.like(liked, userId);
    await fixture.settle();
    const hottest = (await fixture.client.hot({ limit: 2 }, callOf())).items.map(({ videoId }) => videoId);
    assert.deepEqual(hottest, [liked, pushed]);
  });

  it("serves new videos that nothing speaks for, and counts how often", async () => {
    const oldest = [await fixture.publish({ userId: 301 }), await fixture.publish({ userId: 302 })];
    for (let n = 0; n < 40; n++) await fixture.publish({ userId: 400 + n });
    const shown = new Map<number, number>();
    for (let viewer = 1_000; viewer < 1_060; viewer++) {
      const { items } = await fixture.client.feed({ limit: 20 }, callOf(viewer));
      for (const { videoId } of items) shown.set(videoId, (shown.get(videoId) ?? 0) + 1);
      await fixture.settle();
    }
    // 96 of 1,200 places are for 42 new videos.
    assert.ok(oldest.some((id) => shown.has(id)));
    const counted = async () => {
      const rows = await fixture.host
        .database<Tables>("recommend")
        .selectFrom("recommend.candidates")
        .select(["video_id as id", "impression_count as count"])
        .execute();
      return new Map(rows.filter(({ count }) => count > 0).map(({ id, count }) => [id, count]));
    };
    const due = new Map([...shown].map(([id, count]) => [id, Math.min(count, impressionBudget)]));
    await until(async () => isDeepStrictEqual(await counted(), due));
  });

  it("forgets what its viewer removed from the history, and what a deleted account did", async () => {
    const id = await fixture.publish({ tags: ["sea"] });
    await fixture.watch([id, 7, 1]);
    await fixture.watch([id, 8, 1]);
    await fixture.settle();
    const interests = async (by: number) =>
      (await fixture.client.interests({}, callOf(by))).items.map(({ name }) => name);
    assert.deepEqual((await interests(7)).toSorted(), ["100", "medium", "sea"]);
    await fixture.client.setInterest({ kind: "tag", name: "#Sea", isRemoved: true }, callOf(7));
    assert.deepEqual((await interests(7)).toSorted(), ["100", "medium"]);
    await fixture.client.setInterest({ kind: "tag", name: "sea", isRemoved: false }, callOf(7));
    assert.ok((await interests(7)).includes("sea"));
    await fixture.clearHistory(7);
    assert.deepEqual(await interests(7), []);
    assert.deepEqual((await interests(8)).toSorted(), ["100", "medium", "sea"]);
    await fixture.deleteUser(8);
    assert.deepEqual(await interests(8), []);
    // A page that is served meanwhile is recorded without the account.
    await fixture.client.feed({}, callOf(8));
    const pages = () =>
      fixture.host.database<Tables>("recommend").selectFrom("recommend.pages").select("user_id as userId").execute();
    await until(async () => (await pages()).length > 0);
    assert.ok((await pages()).every(({ userId }) => userId !== 8));
  });

  it("leaves out what was muted without a video, until that is undone", async () => {
    const [tagged, authored] = [await fixture.publish({ tags: ["sea"] }), await fixture.publish({ userId: 200 })];
    const feed = async () =>
      (await fixture.client.feed({}, callOf(7))).items.map(({ videoId }) => videoId).toSorted((a, b) => a - b);
    await fixture.client.mute({ kind: "tag", name: "#SEA" }, callOf(7));
    assert.deepEqual(await feed(), [authored]);
    await fixture.client.mute({ kind: "author", name: "200" }, callOf(7));
    assert.deepEqual(await feed(), []);
    const { items } = await fixture.client.mutes({}, callOf(7));
    assert.deepEqual(
      items.map(({ tag, authorId }) => [tag, authorId]),
      [
        [null, 200],
        ["sea", null],
      ],
    );
    assert.deepEqual((await fixture.client.notInterested({}, callOf(7))).items, []);
    await fixture.client.unmute({ kind: "tag", name: "sea" }, callOf(7));
    await fixture.client.unmute({ kind: "author", name: "200" }, callOf(7));
    assert.deepEqual(await feed(), [tagged, authored]);
    for (const [kind, name] of [
      ["tag", "#"],
      ["author", "sea"],
      ["author", "-1"],
    ] as const)
      await assert.rejects(fixture.client.mute({ kind, name }, callOf(7)), { http: 400 });
  });
});

describe("the worth of expected acts", () => {
  for (const [act, utility] of [
    ["finish", { completed: 10, liked: -10 }],
    ["like", { completed: -10, liked: 10 }],
  ] as const)
    it(`puts what viewers ${act} first where that is worth most`, async () => {
      const own = new FeedFixture({ utility });
      await using _host = own.host;
      await own.start();
      await own.clear();
      const [finished, liked]: [number[], number[]] = [[], []];
      for (let n = 0; n < 30; n++)
        (n % 2 === 0 ? finished : liked).push(
          await own.publish({ userId: 100 + n, tags: [n % 2 === 0 ? "sea" : "moss"] }),
        );
      for (let userId = 40; userId < 60; userId++) {
        await own.watch(
          ...finished.map((id) => [id, userId, 1] as const),
          ...liked.map((id) => [id, userId, 0.2] as const),
        );
        for (const id of liked) await own.like(id, userId);
      }
      await own.settle();
      const best = act === "finish" ? finished : liked;
      let wanted = 0;
      // Places are drawn: of one page alone, chance decides.
      for (let userId = 7; userId < 27; userId++) {
        const { items } = await own.client.feed({ limit: 10 }, callOf(userId));
        wanted += items.filter(({ videoId }) => best.includes(videoId)).length;
      }
      assert.ok(wanted >= 130, `${wanted} of 200`);
    });
});

const fixture = new FeedFixture();
