import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { contentRemoved, contentRestored, userBanned, userMuted } from "#events/moderation";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { until } from "#test/until";
import { guest, host, LiveFixture, notFound } from "../../testing.ts";

describe("a live room that a moderator removes", () => {
  before(start);
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("ends, and is hidden from all but its owner (S2.2)", async () => {
    const { id } = await fixture.liveRoom();
    const other = await fixture.liveRoom();
    await judge(contentRemoved, id);
    const own = await hasEnded(id);
    assert.equal(own.isRemoved, true);
    for (const viewer of [callOf(), callOf(guest), callOf(3, { role: "moderator" })]) {
      await assert.rejects(client.get({ id }, viewer), notFound);
      await assert.rejects(client.playbackAddress({ id }, viewer), notFound);
      await assert.rejects(client.messages({ id }, viewer), notFound);
    }
    assert.deepEqual(await listed(), [other.id]);
    assert.deepEqual(fixture.published.slice(-2), [`updated ${id}`, `ended ${id}`]);
  });

  it("asks nobody for its password any longer", async () => {
    const { id } = await fixture.liveRoom({ visibility: "password", password: "ahoy there" });
    await judge(contentRemoved, id);
    await assert.rejects(client.get({ id }, callOf(guest)), notFound);
    await assert.rejects(client.unlock({ id, password: "ahoy there" }, callOf(guest)), notFound);
  });

  it("does not start where it waits", async () => {
    const { id } = await fixture.room();
    await judge(contentRemoved, id);
    await hasEnded(id);
    await assert.rejects(client.start({ id }, callOf(host)), { code: "live.ended" });
  });

  it("can be found again when it is restored, and stays ended", async () => {
    const { id } = await fixture.liveRoom();
    await judge(contentRemoved, id);
    await hasEnded(id);
    await judge(contentRestored, id);
    const room = await client.get({ id }, callOf(guest));
    assert.deepEqual([room.status, room.isRemoved], ["ended", false]);
    assert.deepEqual(
      (await client.ofUser({ id: host }, callOf(guest))).items.map((one) => one.id),
      [id],
    );
  });
});

describe("the live streams of an account that is muted or banned", () => {
  before(start);
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  for (const [type, place] of [
    [userMuted, "a room"],
    [userBanned, "a room"],
    [userMuted, "a guest's place"],
  ] as const)
    it(`end at ${type.name}: ${place}`, async () => {
      const { id } = await fixture.liveRoom();
      const waiting = await fixture.room();
      const { liveId } = await client.inviteGuest({ id, userId: guest }, callOf(host));
      await fixture.db.updateTable("live.live_streams").set({ status: "live" }).where("id", "=", liveId).execute();
      const userId = place === "a room" ? host : guest;
      const measure = { userId, reason: "noise", atMs: 1, byAdmin: false };
      await neighbour.db.tx((tx) => neighbour.emit(tx, type, userId, { ...measure, untilMs: 1 }));
      await fixture.host.drain();
      assert.equal((await client.guests({ id }, callOf())).items.length, 1, "a measure that has ended ends nothing");
      await neighbour.db.tx((tx) => neighbour.emit(tx, type, userId, { ...measure, untilMs: null }));
      await until(async () => (await client.guests({ id }, callOf())).items.length === 0);
      assert.equal((await client.get({ id }, callOf())).status, userId === host ? "ended" : "live");
      assert.equal((await client.get({ id: waiting.id }, callOf(host))).status, "waiting");
    });
});

let fixture: LiveFixture;
let client: LiveFixture["client"];
let neighbour: Host;

async function start(): Promise<void> {
  fixture = new LiveFixture();
  ({ client } = fixture);
  await fixture.start();
  neighbour = await fixture.host.addNeighbour();
}

const listed = async () => (await client.list({}, callOf())).items.map(({ id }) => id);

async function judge(type: typeof contentRemoved | typeof contentRestored, id: number): Promise<void> {
  const judged = { kind: "live" as const, id, atMs: 1 };
  await neighbour.db.tx((tx) =>
    type === contentRemoved
      ? neighbour.emit(tx, contentRemoved, id, { ...judged, reason: "no" })
      : neighbour.emit(tx, contentRestored, id, judged),
  );
  await fixture.host.drain();
}

const hasEnded = (id: number) =>
  until(async () => {
    const room = await client.get({ id }, callOf(host));
    return room.status === "ended" ? room : undefined;
  });
