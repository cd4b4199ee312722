import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { Random } from "#test/random";
import fc from "fast-check";
import type { Tables } from "../store.ts";
import { FeedFixture } from "../testing.ts";
import { decodeModel, encodeModel } from "./model-codec.ts";
import { Models } from "./models.ts";

describe("a stored model", () => {
  it("is read as it was written, and refused when a byte is missing, added or of another item", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.integer({ min: 1, max: 6 }), fc.nat(), (videos, width, seed) => {
        const random = new Random(seed);
        const model = {
          videoIds: Float64Array.from({ length: videos }, () => random.whole(1, 2 ** 40)),
          table: {
            width,
            items: Int32Array.from({ length: videos * width }, () => random.whole(-1, videos - 1)),
            scores: Float32Array.from({ length: videos * width }, () => random.next()),
          },
        };
        const bytes = Buffer.concat(encodeModel(model));
        assert.deepEqual(decodeModel(bytes), model);
        assert.throws(() => decodeModel(bytes.subarray(0, -1)), RangeError);
        assert.throws(() => decodeModel(Buffer.concat([bytes, Buffer.alloc(1)])), RangeError);
        if (videos === 0) return;
        bytes.writeInt32LE(videos, 16 + 8 * videos);
        assert.throws(() => decodeModel(bytes), RangeError);
      }),
      { numRuns: 50 },
    );
    assert.throws(() => decodeModel(Buffer.from("KNRECAL2 and more")), RangeError);
  });
});

describe("models of a site", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("are trained in the background, serve feeds, and are given to a share of the viewers", async () => {
    const groups = await watchedByGroups();
    await fixture.client.train({}, admin);
    await fixture.settle();
    const [model] = (await fixture.client.models({}, admin)).items;
    assert.deepEqual([model?.users, model?.videos, model?.share], [200, 160, 100]);
    assert.ok((model?.recall ?? 0) > 0.2, `${model?.recall}: by chance it is 0.13`);
    const models = new Models({ ...fixture.parts, now: () => fixture.clockMs });
    await models.refresh();
    const [first = 0] = groups[0] ?? [];
    const neighbours = [...(models.for(7)?.neighbours(first) ?? [])].slice(0, 20).map(([videoId]) => videoId);
    const own = neighbours.filter((id) => groups[0]?.includes(id)).length;
    assert.ok(own >= 18, `${own} of 20`);
    assert.ok(!neighbours.includes(first));

    await fixture.client.train({}, admin);
    await fixture.settle();
    const [second, before] = (await fixture.client.models({}, admin)).items;
    assert.deepEqual([second?.share, before?.share], [100, 0]);
    await fixture.client.setModelShare({ id: before?.id ?? 0, share: 30 }, admin);
    await models.refresh();
    const ids = Array.from({ length: 1_000 }, (_, n) => models.for(n + 1)?.id);
    const share = ids.filter((id) => id === before?.id).length / ids.length;
    assert.ok(Math.abs(share - 0.3) < 0.06, `${share}`);
    assert.deepEqual(
      ids.map((_, n) => models.generationFor(n + 1)),
      ids.map((id) => (id === before?.id ? "earlier" : "latest")),
    );
    assert.deepEqual(
      Array.from({ length: 1_000 }, (_, n) => models.for(n + 1)?.id),
      ids,
    );
    await assert.rejects(fixture.client.setModelShare({ id: 5, share: 30 }, admin), { http: 404 });
  });

  it("are the latest whole one where an object is missing, and none where there is too little", async () => {
    const videoId = await fixture.publish();
    await fixture.watch([videoId, 7, 1], [videoId, 8, 1]);
    await fixture.client.train({}, admin);
    await fixture.settle();
    assert.deepEqual((await fixture.client.models({}, admin)).items, []);
    await watchedByGroups();
    await fixture.client.train({}, admin);
    await fixture.settle();
    const rows = () =>
      fixture.host
        .database<Tables>("recommend")
        .selectFrom("recommend.models")
        .select(["id", "key"])
        .orderBy("id", "desc")
        .execute();
    const served = async () => {
      const models = new Models({ ...fixture.parts, now: () => fixture.clockMs });
      await models.refresh();
      return [models.for(7)?.id, models.generationFor(7)];
    };
    const [first] = await rows();
    await fixture.client.train({}, admin);
    await fixture.settle();
    const [second] = await rows();
    assert.deepEqual(await served(), [second?.id, "latest"]);
    await fixture.parts.blob.remove(second?.key ?? "");
    assert.deepEqual(await served(), [first?.id, "latest"]);
    await fixture.parts.blob.remove(first?.key ?? "");
    assert.deepEqual(await served(), [undefined, "none"]);
    assert.ok((await fixture.client.feed({}, callOf(7))).items.length > 0);
  });
});

const fixture = new FeedFixture();
const admin = callOf(1, { role: "admin" });

/** Four groups of users, each of which watches its own forty videos; yields these. */
async function watchedByGroups(): Promise<number[][]> {
  const groups: number[][] = [[], [], [], []];
  for (let n = 0; n < 160; n++) groups[n % 4]?.push(await fixture.publish({ userId: 100 + n }));
  const random = new Random(11);
  for (let userId = 1_000; userId < 1_200; userId++) {
    const own = (groups[userId % 4] ?? []).filter(() => random.next() < 0.3);
    await fixture.watch(...own.map((id) => [id, userId, 1] as const));
  }
  await fixture.settle();
  return groups;
}
