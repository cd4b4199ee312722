import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { guest, host, LiveFixture, notFound } from "../../testing.ts";

describe("a fan club", () => {
  before(async () => {
    await fixture.start();
    neighbour = await fixture.host.addNeighbour();
  });
  beforeEach(async () => {
    await fixture.clear();
    id = (await fixture.liveRoom()).id;
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is one for each host, whichever of the rooms it is found by", async () => {
    const { id: other } = await fixture.room();
    const joined = await client.joinFanClub({ id }, callOf(guest));
    assert.deepEqual(
      [joined.isMember, joined.memberCount, joined.level, joined.experience, joined.badgeName],
      [true, 1, 1, 0, "Spark"],
    );
    const { name, isMember, memberCount } = await client.fanClub({ id: other }, callOf(guest));
    assert.deepEqual([name, isMember, memberCount], [`user${host}`, true, 1]);
    const stranger = await client.fanClub({ id }, callOf());
    assert.deepEqual([stranger.isMember, stranger.level, stranger.badgeName], [false, 0, ""]);
  });

  it("counts a member once however often and in parallel they join and leave", async () => {
    const four = [1, 2, 3, 4];
    await Promise.all(four.map(() => client.joinFanClub({ id }, callOf(guest))));
    await client.joinFanClub({ id }, callOf(3));
    assert.equal((await client.fanClub({ id }, callOf())).memberCount, 2);
    await Promise.all(four.map(() => client.leaveFanClub({ id }, callOf(guest))));
    assert.equal((await client.fanClub({ id }, callOf())).memberCount, 1);
    assert.deepEqual(await fixture.host.findings("live"), []);
  });

  it("gives its members experience for gifts, and keeps it for those who come back", async () => {
    const give = (quantity: number) => client.sendGift({ id, giftId: 2, quantity }, callOf(guest));
    await give(1);
    await client.joinFanClub({ id }, callOf(guest));
    await Promise.all([give(1), give(2), give(2)]);
    const level = async () => {
      const { level, experience, nextLevelAt } = await client.fanClub({ id }, callOf(guest));
      return [level, experience, nextLevelAt];
    };
    assert.deepEqual(await level(), [3, 50, 120]);
    await client.leaveFanClub({ id }, callOf(guest));
    await give(10);
    assert.deepEqual(await level(), [0, 50, 0]);
    await client.joinFanClub({ id }, callOf(guest));
    assert.deepEqual(await level(), [3, 50, 120]);
  });

  it("shows the level of its members with what they write in any room of the host", async () => {
    const { id: other } = await fixture.liveRoom();
    await client.joinFanClub({ id }, callOf(guest));
    await client.sendGift({ id, giftId: 2, quantity: 5 }, callOf(guest));
    const levels = async (room: number) => {
      const writers = [guest, 3, host];
      const said = await Promise.all(writers.map((userId) => client.say({ id: room, content: "hi" }, callOf(userId))));
      return said.map(({ message }) => message?.fanLevel);
    };
    assert.deepEqual(await levels(id), [3, 0, 0]);
    await client.leaveFanClub({ id }, callOf(guest));
    assert.deepEqual(await levels(other), [0, 0, 0]);
    const { items } = await client.messages({ id, limit: 10 }, callOf());
    const ofGuest = items.filter(({ userId, kind }) => userId === guest && kind === "chat");
    assert.deepEqual(
      ofGuest.map(({ fanLevel }) => fanLevel),
      [3],
    );
  });

  it("is not joined by its host, across a block, or by a hidden room", async () => {
    await assert.rejects(client.joinFanClub({ id }, callOf(host)), { code: "live.own_fan_club", http: 400 });
    fixture.relationships.set(guest, { isBlocked: true });
    await assert.rejects(client.joinFanClub({ id }, callOf(guest)), { code: "live.host_blocked", http: 403 });
    fixture.relationships.clear();
    const hidden = await fixture.liveRoom({ visibility: "private" });
    await assert.rejects(client.joinFanClub({ id: hidden.id }, callOf(guest)), notFound);
    await assert.rejects(client.fanClub({ id: hidden.id }, callOf(guest)), notFound);
  });

  it("loses a deleted member, and goes with its host", async () => {
    await client.joinFanClub({ id }, callOf(guest));
    await client.joinFanClub({ id }, callOf(3));
    await forget(guest);
    assert.equal((await client.fanClub({ id }, callOf())).memberCount, 1);
    await assert.rejects(client.joinFanClub({ id }, callOf(guest)), { code: "auth.bad_token" });
    await forget(host);
    assert.deepEqual(await fixture.db.selectFrom("live.live_fan_clubs").select("owner_id").execute(), []);
    assert.deepEqual(await fixture.db.selectFrom("live.live_fan_club_members").select("owner_id").execute(), []);
  });
});

const fixture = new LiveFixture();
const { client } = fixture;
let neighbour: Host;
let id = 0;

async function forget(userId: number): Promise<void> {
  await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, userId, { userId }));
  await fixture.host.drain();
}
