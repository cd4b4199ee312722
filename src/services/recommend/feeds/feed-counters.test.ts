import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { until } from "#test/until";
import { sql } from "kysely";
import { Memory } from "../memory.ts";
import type { Signal } from "../signals/signal.ts";
import { FeedFixture } from "../testing.ts";
import { createFeedCounters } from "./feed-counters.ts";

describe("counters of feeds", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("have pages by how they came about, and signals by kind once they are settled", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 6; n++) ids.push(await fixture.publish({ userId: 100 + n }));
    const [finished = 0, liked = 0, skipped = 0, refused = 0, own = 0] = ids;
    await fixture.client.feed({ limit: 5 }, callOf());
    await fixture.watch([finished, 7, 1], [liked, 7, 0.3], [skipped, 7, 0.01], [refused, 7, 0.3], [own, 104, 1]);
    await fixture.like(liked, 7);
    await fixture.client.markNotInterested({ id: refused, scope: "video" }, callOf(7));
    await fixture.client.feed({ limit: 5 }, callOf(7));
    assert.deepEqual(await counted(fixture, "signals"), {}, "nothing is settled");
    await fixture.settle();
    await fixture.client.feed({ limit: 5 }, callOf(7));
    assert.deepEqual(await counted(fixture, "feed_pages"), { "common none": 1, "personal none": 2 });
    // The share that is usual for a minute is more than a half.
    assert.deepEqual(await counted(fixture, "signals"), {
      "none all": 4,
      "none completed": 1,
      "none liked": 1,
      "none skipped": 1,
      "none not_interested": 1,
    });
    const again: Signal[] = [];
    const { parts } = fixture;
    await new Memory({ ...parts, now: () => fixture.clockMs, learned: (signal) => again.push(signal) }).refresh();
    assert.deepEqual(again, [], "signals from before a start are counted already");
  });

  it("have few labels: models by their age, and none for what is not of a model", async () => {
    const metrics = createPrometheusMetrics();
    const generationFor = (userId: number) => (userId % 2 === 0 ? ("latest" as const) : ("earlier" as const));
    const counters = createFeedCounters(metrics, { generationFor });
    for (const userId of [2, 3, 4]) counters.addPage("personal", userId);
    counters.addPage("late", 2);
    counters.addPage("common", undefined);
    const { body } = await metrics.text();
    const pages = [...body.matchAll(/^feed_pages_total\{rung="(\w+)",model="(\w+)"\} (\d+)$/gm)];
    assert.deepEqual(
      pages.map(([, ...row]) => row.join(" ")),
      ["personal latest 2", "personal earlier 1", "late none 1", "common none 1"],
    );
  });
});

describe("counters of feeds that are not ready in time", () => {
  before(() => hasty.start());
  after(() => hasty.host[Symbol.asyncDispose]());

  it("have pages of tables before memory is filled, and late ones", async () => {
    await hasty.clear();
    await hasty.publish();
    const feed = () => hasty.client.feed({}, callOf(7));
    // Neither memory nor a personal page is ready without signals.
    const feedWithoutSignals = () =>
      hasty.parts.db.tx(async (tx) => {
        await sql`LOCK TABLE recommend.signals`.execute(tx);
        await feed();
      });
    await feedWithoutSignals();
    assert.deepEqual(await counted(hasty, "feed_pages"), { "tables none": 1 });
    await until(async () => {
      await feed();
      return (await counted(hasty, "feed_pages"))["personal none"] === 1;
    });
    const { "late none": late = 0 } = await counted(hasty, "feed_pages");
    await feedWithoutSignals();
    assert.equal((await counted(hasty, "feed_pages"))["late none"], late + 1);
  });
});

const fixture = new FeedFixture();
const hasty = new FeedFixture({ personalMsMax: 100 });

/** The counts of a metric by its labels. */
async function counted({ metrics }: FeedFixture, name: string): Promise<Record<string, number>> {
  const { body } = await metrics.text();
  const lines = body.matchAll(
    new RegExp(`^kinora_recommend_${name}_total\\{\\w+="(\\w+)",\\w+="(\\w+)"\\} (\\d+)$`, "gm"),
  );
  return Object.fromEntries([...lines].map(([, one, other, count]) => [`${one} ${other}`, Number(count)]));
}
