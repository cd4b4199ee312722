import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { clockMs } from "#kernel/db/tables";
import { userBanned, userUnbanned } from "#policy/mutes";
import { sql } from "kysely";
import { mira, noor, notFound, Stand } from "../testing.ts";

describe("a video that is published later", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("is held back as a draft until its owner publishes it, ready or not", async () => {
    stand.object(5, mira, "ready");
    stand.object(6, mira, "processing");
    const made = await client.create({ title: "Sea", mediaId: 5, draft: true }, callOf(mira));
    assert.deepEqual([made.status, made.isDraft, made.publishedAtMs, made.publishAtMs], [4, true, null, null]);
    const early = await client.create({ title: "Lake", mediaId: 6, draft: true }, callOf(mira));
    for (const by of [noor, undefined]) {
      await assert.rejects(client.get({ id: made.id }, callOf(by)), notFound);
      assert.deepEqual((await client.ofUser({ id: mira }, callOf(by))).items, []);
    }
    await assert.rejects(client.publish({ id: made.id }, callOf(noor)), notFound);
    await host.drain();
    assert.deepEqual(told, []);
    for (let n = 0; n < 2; n++) {
      const shown = await client.publish({ id: made.id }, callOf(mira));
      assert.deepEqual([shown.status, shown.isDraft], [1, false]);
      assert.ok(shown.publishedAtMs);
    }
    await assert.rejects(client.publish({ id: made.id }, callOf(noor)), { code: "video.not_yours" });
    assert.equal((await client.publish({ id: early.id }, callOf(mira))).status, 0);
    await stand.ready(6);
    assert.equal((await client.get({ id: early.id }, callOf())).status, 1);
    assert.deepEqual(told, [`published:${made.id}:public`, `published:${early.id}:public`]);
    stand.object(7, mira, "processing");
    const late = await client.create({ title: "River", mediaId: 7, draft: true }, callOf(mira));
    await stand.ready(7);
    const held = await client.get({ id: late.id }, callOf(mira));
    assert.deepEqual([held.status, held.publishedAtMs], [4, null]);
    assert.equal(told.length, 2, "nobody is told of what is held back");
    await stand.verified();
  });

  it("stays held back when it is given another file", async () => {
    stand.object(5, mira, "ready");
    stand.object(6, mira, "ready");
    const { id } = await client.create({ title: "Sea", mediaId: 5, draft: true }, callOf(mira));
    const shown = await client.replaceMedia({ id, mediaId: 6 }, callOf(mira));
    assert.deepEqual([shown.mediaId, shown.status, shown.publishedAtMs], [6, 4, null]);
    await host.drain();
    assert.ok(!told.some((one) => one.startsWith("published")), told.join());
  });

  it("publishes itself at its time, as it was planned last", async () => {
    stand.object(5, mira, "ready");
    const make = (publishAtMs: number) => client.create({ title: "Sea", mediaId: 5, publishAtMs }, callOf(mira));
    const past = await make(Date.now() - 1_000);
    assert.deepEqual([past.status, past.isDraft], [1, false]);
    const [soonMs, laterMs] = [Date.now() + hourMs, Date.now() + 2 * hourMs];
    const soon = await make(soonMs);
    assert.deepEqual([soon.status, soon.isDraft, soon.publishAtMs], [4, true, soonMs]);
    const moved = await make(soonMs);
    assert.equal((await client.update({ id: moved.id, publishAtMs: laterMs }, callOf(mira))).publishAtMs, laterMs);
    const given = await make(soonMs);
    assert.equal((await client.update({ id: given.id, draft: true }, callOf(mira))).publishAtMs, null);
    const brought = await make(laterMs);
    await client.update({ id: brought.id, publishAtMs: soonMs }, callOf(mira));
    const statuses = () =>
      Promise.all([soon, brought, moved, given].map(async ({ id }) => (await client.get({ id }, callOf(mira))).status));
    await stand.passes(0);
    assert.deepEqual(await statuses(), [4, 4, 4, 4], "it is not time yet");
    await stand.passes(hourMs);
    assert.deepEqual(await statuses(), [1, 1, 4, 4]);
    const shown = await client.get({ id: soon.id }, callOf());
    assert.deepEqual([shown.isDraft, shown.publishAtMs], [false, null]);
    assert.ok(shown.publishedAtMs);
    await assert.rejects(client.update({ id: soon.id, publishAtMs: laterMs }, callOf(mira)), {
      code: "video.published_already",
      http: 409,
    });
    await assert.rejects(make(Date.now() + 400 * 24 * 3_600_000), { code: "video.too_far_ahead", http: 400 });
    await stand.verified();
  });

  it("does not publish itself for somebody who may say nothing by then, but when they may", async () => {
    stand.object(5, mira, "ready");
    const made = await client.create({ title: "Sea", mediaId: 5, publishAtMs: Date.now() + hourMs }, callOf(mira));
    const untilMs = Date.now() + 300_000;
    await stand.tell(userBanned, mira, { userId: mira, reason: "", untilMs, byAdmin: false, atMs: 1 });
    await host.drain();
    await stand.passes(hourMs);
    const statusOf = async () => (await client.get({ id: made.id }, callOf(mira))).status;
    const { rows } = await sql<{ isSoon: boolean }>`SELECT due_ms - ${clockMs} <= 300000 AS "isSoon" FROM jobs WHERE
      kind = 'publish' AND state = 'queued' AND last_error LIKE '%say nothing%'`.execute(host.database("video"));
    assert.deepEqual(rows, [{ isSoon: true }], "the job was not put off, or for longer than that lasts");
    assert.equal(await statusOf(), 4);
    assert.deepEqual(told, []);
    await stand.tell(userUnbanned, mira, { userId: mira, atMs: 2 });
    await host.drain();
    await stand.passes(0);
    assert.equal(await statusOf(), 1);
  });
});

const stand = new Stand();
const { host, client, told } = stand;
const hourMs = 3_600_000;
