import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Call } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { guest, host, LiveFixture, notFound } from "./testing.ts";

describe("a live room", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("goes from waiting over live to ended, and publishes each step", async () => {
    const room = await fixture.room({ description: "At the quay", categoryId: 2 });
    assert.deepEqual([room.status, room.durationMs, room.startedAtMs], ["waiting", 0, null]);
    const started = await client.start({ id: room.id }, callOf(host));
    assert.equal(started.status, "live");
    assert.ok(started.startedAtMs !== null);
    const ended = await client.end({ id: room.id }, callOf(host));
    assert.equal(ended.status, "ended");
    assert.equal(ended.durationMs, (ended.endedAtMs ?? 0) - (ended.startedAtMs ?? 0));
    await fixture.host.drain();
    assert.deepEqual(
      fixture.published,
      ["created", "started", "ended"].map((step) => `${step} ${room.id}`),
    );
  });

  it("starts and ends once however often it is asked, and does not start after its end", async () => {
    const { id } = await fixture.room();
    const twice = await Promise.all([1, 2, 3].map(() => client.start({ id }, callOf(host))));
    assert.equal(new Set(twice.map(({ startedAtMs }) => startedAtMs)).size, 1);
    const ends = await Promise.all([1, 2, 3].map(() => client.end({ id }, callOf(host))));
    assert.equal(new Set(ends.map(({ endedAtMs }) => endedAtMs)).size, 1);
    await assert.rejects(client.start({ id }, callOf(host)), { code: "live.ended" });
    await assert.rejects(client.update({ id, title: "Again" }, callOf(host)), { code: "live.ended" });
    await fixture.host.drain();
    assert.equal(fixture.published.filter((one) => /^(?:started|ended)/.test(one)).length, 2);
  });

  it("is changed, started, ended and deleted by its owner alone", async () => {
    const { id } = await fixture.room();
    for (const attempt of [
      () => client.update({ id, title: "Mine" }, callOf(guest)),
      () => client.start({ id }, callOf(guest)),
      () => client.end({ id }, callOf(guest)),
      () => client.remove({ id }, callOf(guest)),
      () => client.resetKey({ id }, callOf(guest)),
    ])
      await assert.rejects(attempt, { code: "live.not_yours" });
    assert.equal((await client.get({ id }, callOf(host))).title, "Harbour");
  });

  it("loses its category and its plan where they are null, and keeps what is left out", async () => {
    const planned = { categoryId: 2, scheduledAtMs: Date.now() + 3_600_000 };
    const { id } = await fixture.room(planned);
    const kept = await client.update({ id, title: "Quay" }, callOf(host));
    assert.deepEqual([kept.categoryId, kept.scheduledAtMs], [planned.categoryId, planned.scheduledAtMs]);
    const cleared = await client.update({ id, categoryId: null, scheduledAtMs: null }, callOf(host));
    assert.deepEqual([cleared.title, cleared.categoryId, cleared.scheduledAtMs], ["Quay", null, null]);
  });

  it("shows its stream key to its owner once, and afterwards four characters of it (S2.7)", async () => {
    const room = await fixture.room();
    assert.match(room.streamKey, /^[\w-]{22}$/);
    const hint = `…${room.streamKey.slice(-4)}`;
    assert.equal((await client.get({ id: room.id }, callOf(host))).streamKey, hint);
    for (const viewer of [callOf(guest), callOf(), callOf(guest, { role: "admin" })]) {
      const shown = await client.get({ id: room.id }, viewer);
      assert.deepEqual([shown.streamKey, shown.pushUrl], [undefined, undefined]);
      const { items } = await client.list({ status: "waiting" }, viewer);
      assert.deepEqual(
        items.map(({ id, streamKey }) => [id, streamKey]),
        [[room.id, undefined]],
      );
    }
    const { streamKey } = await client.resetKey({ id: room.id }, callOf(host));
    assert.notEqual(streamKey, room.streamKey);
    assert.equal((await client.get({ id: room.id }, callOf(host))).streamKey, `…${streamKey.slice(-4)}`);
  });

  it("is hidden like a video of its visibility (S2.2, S2.3)", async () => {
    fixture.relationships.set(guest, { isFollowed: true });
    const cases = [
      ["public", [callOf(guest), callOf(3), callOf()], []],
      ["unlisted", [callOf(guest), callOf(3), callOf()], []],
      ["followers", [callOf(guest), callOf(3, { role: "moderator" })], [callOf(3), callOf()]],
      ["private", [], [callOf(guest), callOf(3, { role: "admin" }), callOf()]],
    ] as const;
    for (const [visibility, seeing, blind] of cases) {
      const { id } = await fixture.liveRoom({ visibility });
      for (const viewer of [...seeing, callOf(host)]) assert.equal((await client.get({ id }, viewer)).id, id);
      for (const viewer of blind) await assert.rejects(client.get({ id }, viewer), notFound, visibility);
      const listed = (await client.list({}, callOf(guest))).items.map((item) => item.id);
      assert.equal(listed.includes(id), visibility === "public", visibility);
      const ofHost = (await client.ofUser({ id: host }, callOf(guest))).items.map((item) => item.id);
      assert.equal(ofHost.includes(id), visibility === "public" || visibility === "followers", visibility);
    }
    assert.equal((await client.ofUser({ id: host }, callOf(host))).items.length, cases.length);
  });

  it("opens to those who know its password, for as long as it is the password", async () => {
    const { id } = await fixture.liveRoom({ visibility: "password", password: "open sesame" });
    await assert.rejects(client.get({ id }, callOf(guest)), { code: "live.password_required" });
    await assert.rejects(client.unlock({ id, password: "close sesame" }, callOf(guest)), {
      code: "live.wrong_password",
    });
    const { unlock } = await client.unlock({ id, password: "open sesame" }, callOf(guest));
    assert.equal((await client.get({ id }, callOf(guest, { unlock }))).id, id);
    await assert.rejects(client.get({ id }, callOf(3, { unlock })), { code: "live.password_required" });
    await client.update({ id, password: "another one" }, callOf(host));
    await assert.rejects(client.get({ id }, callOf(guest, { unlock })), { code: "live.password_required" });
    await assert.rejects(fixture.room({ visibility: "password" }), { code: "live.password_missing" });
  });

  it("is watched by an address that carries no right but a password (S2.3)", async () => {
    const watch = async (id: number, token: string) =>
      client.playback({ id, token }, callOf()).then(
        () => true,
        (error: { code?: string }) => error.code,
      );
    const addressOf = async (id: number, viewer: Call) => {
      const { hlsUrl } = await client.playbackAddress({ id }, viewer);
      return /\/t\/([^/]+)\//.exec(hlsUrl)?.[1] ?? assert.fail(hlsUrl);
    };
    const { id } = await fixture.liveRoom({ visibility: "followers" });
    fixture.roles.set(3, "moderator");
    fixture.relationships.set(guest, { isFollowed: true });
    const [ofModerator, ofFollower] = [
      await addressOf(id, callOf(3, { role: "moderator" })),
      await addressOf(id, callOf(guest)),
    ];
    assert.deepEqual([await watch(id, ofModerator), await watch(id, ofFollower)], [true, true]);
    const locked = await fixture.liveRoom({ visibility: "password", password: "open sesame" });
    const lockedOfModerator = await addressOf(locked.id, callOf(3, { role: "moderator" }));
    assert.equal(await watch(locked.id, lockedOfModerator), true);
    fixture.roles.clear();
    fixture.relationships.clear();
    assert.equal(await watch(locked.id, lockedOfModerator), "live.password_required", "no moderator any more");
    assert.deepEqual([await watch(id, ofModerator), await watch(id, ofFollower)], ["live.not_found", "live.not_found"]);
    const { unlock } = await client.unlock({ id: locked.id, password: "open sesame" }, callOf(guest));
    const byPassword = await addressOf(locked.id, callOf(guest, { unlock }));
    assert.equal(await watch(locked.id, byPassword), true);
    await client.update({ id: locked.id, password: "another one" }, callOf(host));
    assert.equal(await watch(locked.id, byPassword), "live.bad_playback_token");
  });

  it("is in no list across a block in either direction, while its page stays", async () => {
    const { id } = await fixture.liveRoom();
    for (const relationship of [{ isBlocked: true }, { isBlocking: true }]) {
      fixture.relationships.set(guest, relationship);
      assert.deepEqual((await client.list({}, callOf(guest))).items, []);
      assert.deepEqual((await client.ofUser({ id: host, count: true }, callOf(guest))).total, 0);
      assert.equal((await client.get({ id }, callOf(guest))).id, id);
    }
  });

  it("is listed while it is live, by page and by category", async () => {
    const rooms = [];
    for (let n = 0; n < 5; n++) rooms.push(await fixture.liveRoom({ categoryId: 1 + (n % 2) }));
    await fixture.room();
    const first = await client.list({ limit: 3 }, callOf());
    const second = await client.list({ limit: 3, cursor: first.next ?? "" }, callOf());
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }) => id),
      rooms.map(({ id }) => id).toReversed(),
    );
    assert.equal((await client.list({ categoryId: 2 }, callOf())).items.length, 2);
    assert.equal((await client.list({ sort: "viewers" }, callOf())).items.length, 5);
    await client.end({ id: rooms[0]?.id ?? 0 }, callOf(host));
    assert.equal((await client.list({}, callOf())).items.length, 4);
    assert.equal((await client.list({ status: "ended" }, callOf())).items.length, 1);
  });

  it("keeps how many watched at each minute that it was live, for its owner", async () => {
    const [{ id }, waiting] = [await fixture.liveRoom(), await fixture.room()];
    for (const viewer of [guest, 3]) await client.join({ id }, callOf(viewer));
    await fixture.host.tick("live.viewers");
    await client.leave({ id }, callOf(guest));
    const viewers = async (room: number) => (await client.viewers({ id: room }, callOf(host))).items;
    assert.deepEqual(
      (await viewers(id)).map((one) => [one.viewers, one.atMs % 60_000]),
      [[2, 0]],
    );
    // Another minute.
    await fixture.db
      .updateTable("live.viewer_counts")
      .set((eb) => ({ at_ms: eb("at_ms", "-", 60_000) }))
      .execute();
    await fixture.host.tick("live.viewers");
    assert.deepEqual(
      (await viewers(id)).map((one) => one.viewers),
      [2, 1],
    );
    await client.end({ id }, callOf(host));
    await fixture.host.tick("live.viewers");
    assert.equal((await viewers(id)).length, 2);
    assert.deepEqual(await viewers(waiting.id), []);
    await assert.rejects(client.viewers({ id }, callOf(guest)), { code: "live.not_yours" });
  });

  it("announces accounts that enter and leave, once however many sockets and gateways they have", async () => {
    const { id } = await fixture.liveRoom();
    const report = (instance: string, persons: Record<string, number>) =>
      client.presence(
        {
          instance,
          rooms: [
            { id, isWhole: false, changes: Object.entries(persons).map(([person, n]) => ({ person, connections: n })) },
          ],
        },
        callOf(undefined, { caller: "gateway" }),
      );
    await client.join({ id }, callOf(guest));
    await report("a", { "user:2": 1, "from:somewhere": 1 });
    await report("b", { "user:2": 1, "user:3": 2 });
    await report("a", { "user:2": 0 });
    await client.leave({ id }, callOf(guest));
    await fixture.host.drain();
    assert.deepEqual(fixture.attendance, ["2 joined", "3 joined"]);
    await report("b", { "user:2": 0, "user:3": 1 });
    await client.end({ id }, callOf(host));
    await report("b", { "user:3": 0 });
    await fixture.host.drain();
    assert.deepEqual(fixture.attendance, ["2 joined", "3 joined", "2 left", "3 left"]);
  });

  it("ends before it is deleted, and is gone afterwards", async () => {
    const { id } = await fixture.liveRoom();
    await client.remove({ id }, callOf(host));
    await assert.rejects(client.get({ id }, callOf(host)), notFound);
    await fixture.host.drain();
    assert.deepEqual(fixture.published.slice(-2), [`ended ${id}`, `deleted ${id}`]);
  });

  it("is refused beyond 20 open rooms of one account, and beyond a year ahead", async () => {
    for (let n = 0; n < 20; n++) await fixture.room();
    await assert.rejects(fixture.room(), { code: "live.too_many_waiting" });
    const scheduledAtMs = Date.now() + 400 * 24 * 3_600_000;
    await assert.rejects(fixture.room({ scheduledAtMs }), { code: "live.too_far_ahead" });
    await assert.rejects(fixture.room({ categoryId: 999 }), { code: "video.unknown_category" });
  });
});

const fixture = new LiveFixture();
const { client } = fixture;
