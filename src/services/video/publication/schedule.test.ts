import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userBanned, userUnbanned } from "#events/moderation";
import { callOf } from "#kernel/host/testing";
import { clockMs } from "#kernel/db/tables";
import { sql } from "kysely";
import { mira, noor, notFound, VideoFixture } from "../testing.ts";

describe("a video that is published later", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is a draft until its owner publishes it, ready or not", async () => {
    fixture.object(5, mira, "ready");
    fixture.object(6, mira, "processing");
    const video = await client.create({ title: "Sea", mediaId: 5, draft: true }, callOf(mira));
    assert.deepEqual([video.status, video.isDraft, video.publishedAtMs, video.publishAtMs], [4, true, null, null]);
    const early = await client.create({ title: "Lake", mediaId: 6, draft: true }, callOf(mira));
    for (const by of [noor, undefined]) {
      await assert.rejects(client.get({ id: video.id }, callOf(by)), notFound);
      assert.deepEqual((await client.ofUser({ id: mira }, callOf(by))).items, []);
    }
    await assert.rejects(client.publish({ id: video.id }, callOf(noor)), notFound);
    await host.drain();
    assert.deepEqual(published, []);
    for (let n = 0; n < 2; n++) {
      const shown = await client.publish({ id: video.id }, callOf(mira));
      assert.deepEqual([shown.status, shown.isDraft], [1, false]);
      assert.ok(shown.publishedAtMs);
    }
    await assert.rejects(client.publish({ id: video.id }, callOf(noor)), { code: "video.not_yours" });
    assert.equal((await client.publish({ id: early.id }, callOf(mira))).status, 0);
    await fixture.ready(6);
    assert.equal((await client.get({ id: early.id }, callOf())).status, 1);
    assert.deepEqual(published, [`published:${video.id}:public`, `published:${early.id}:public`]);
    fixture.object(7, mira, "processing");
    const late = await client.create({ title: "River", mediaId: 7, draft: true }, callOf(mira));
    await fixture.ready(7);
    const draft = await client.get({ id: late.id }, callOf(mira));
    assert.deepEqual([draft.status, draft.publishedAtMs], [4, null]);
    assert.equal(published.length, 2, "a draft was published");
    await fixture.assertConsistent();
  });

  it("gets an earlier time of publication by an import, never a later one or while it is a draft", async () => {
    fixture.object(5, mira, "ready");
    const { id } = await client.create({ title: "Sea", mediaId: 5, draft: true }, callOf(mira));
    const earlier = { id, publishedAtMs: Date.UTC(2026, 0, 2) };
    await assert.rejects(client.backdate(earlier, service), notFound);
    await client.publish({ id }, callOf(mira));
    await client.backdate(earlier, service);
    await client.backdate({ id, publishedAtMs: earlier.publishedAtMs + 1 }, service);
    const shown = await client.get({ id }, callOf());
    assert.deepEqual([shown.publishedAtMs, shown.createdAtMs], [earlier.publishedAtMs, earlier.publishedAtMs]);
    await fixture.assertConsistent();
  });

  it("stays a draft when its file is replaced", async () => {
    fixture.object(5, mira, "ready");
    fixture.object(6, mira, "ready");
    const { id } = await client.create({ title: "Sea", mediaId: 5, draft: true }, callOf(mira));
    const shown = await client.replaceMedia({ id, mediaId: 6 }, callOf(mira));
    assert.deepEqual([shown.mediaId, shown.status, shown.publishedAtMs], [6, 4, null]);
    await host.drain();
    assert.ok(!published.some((one) => one.startsWith("published")), published.join());
  });

  it("is published at the latest scheduled time", async () => {
    fixture.object(5, mira, "ready");
    const make = (publishAtMs: number) => client.create({ title: "Sea", mediaId: 5, publishAtMs }, callOf(mira));
    const past = await make(Date.now() - 1_000);
    assert.deepEqual([past.status, past.isDraft], [1, false]);
    const [soonMs, laterMs] = [Date.now() + hourMs, Date.now() + 2 * hourMs];
    const soon = await make(soonMs);
    assert.deepEqual([soon.status, soon.isDraft, soon.publishAtMs], [4, true, soonMs]);
    const moved = await make(soonMs);
    assert.equal((await client.update({ id: moved.id, publishAtMs: laterMs }, callOf(mira))).publishAtMs, laterMs);
    const unscheduled = await make(soonMs);
    assert.equal((await client.update({ id: unscheduled.id, draft: true }, callOf(mira))).publishAtMs, null);
    const brought = await make(laterMs);
    await client.update({ id: brought.id, publishAtMs: soonMs }, callOf(mira));
    const statuses = () =>
      Promise.all(
        [soon, brought, moved, unscheduled].map(async ({ id }) => (await client.get({ id }, callOf(mira))).status),
      );
    await fixture.passTime(0);
    assert.deepEqual(await statuses(), [4, 4, 4, 4], "it is not time yet");
    await fixture.passTime(hourMs);
    assert.deepEqual(await statuses(), [1, 1, 4, 4]);
    const shown = await client.get({ id: soon.id }, callOf());
    assert.deepEqual([shown.isDraft, shown.publishAtMs], [false, null]);
    assert.ok(shown.publishedAtMs);
    await assert.rejects(client.update({ id: soon.id, publishAtMs: laterMs }, callOf(mira)), {
      code: "video.published_already",
      http: 409,
    });
    await assert.rejects(make(Date.now() + 400 * 24 * 3_600_000), { code: "video.too_far_ahead", http: 400 });
    await fixture.assertConsistent();
  });

  it("is published for a muted owner once the mute ends", async () => {
    fixture.object(5, mira, "ready");
    const video = await client.create({ title: "Sea", mediaId: 5, publishAtMs: Date.now() + hourMs }, callOf(mira));
    const untilMs = Date.now() + 300_000;
    await fixture.emit(userBanned, mira, { userId: mira, reason: "", untilMs, byAdmin: false, atMs: 1 });
    await host.drain();
    await fixture.passTime(hourMs);
    const statusOf = async () => (await client.get({ id: video.id }, callOf(mira))).status;
    const { rows } = await sql<{ isSoon: boolean }>`SELECT due_ms - ${clockMs} <= 300000 AS "isSoon" FROM jobs WHERE
      kind = 'publish' AND state = 'queued' AND last_error LIKE '%muted%'`.execute(host.database("video"));
    assert.deepEqual(rows, [{ isSoon: true }], "the job was not put off, or for longer than the mute lasts");
    assert.equal(await statusOf(), 4);
    assert.deepEqual(published, []);
    await fixture.emit(userUnbanned, mira, { userId: mira, atMs: 2 });
    await host.drain();
    await fixture.passTime(0);
    assert.equal(await statusOf(), 1);
  });
});

const service = callOf(undefined, { caller: "test" });
const fixture = new VideoFixture();
const { host, client, published } = fixture;
const hourMs = 3_600_000;
