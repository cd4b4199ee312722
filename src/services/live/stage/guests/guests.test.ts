import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import type { VideoFormat, VideoFrame } from "#media/frames/frame";
import { encodedStream } from "#media/live/testing";
import { until } from "#test/until";
import { live } from "../../contract.ts";
import { guest, host, LiveFixture, notFound } from "../../testing.ts";
import { whepClient, type WhipClient, whipClient } from "../webrtc/testing.ts";

describe("invitations of guests", { timeout: 60_000 }, () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("are given by the owner of a room that is live, and shown to the two alone", async () => {
    const { id } = await fixture.liveRoom();
    for (const caller of [callOf(guest), callOf(guest, { role: "moderator" })])
      await assert.rejects(client.inviteGuest({ id, userId: 3 }, caller), { code: "live.not_yours" });
    await client.addModerator({ id, userId: guest }, callOf(host));
    await assert.rejects(client.inviteGuest({ id, userId: 3 }, callOf(guest)), { code: "live.not_yours" });

    const invited = await client.inviteGuest({ id, userId: guest }, callOf(host));
    assert.deepEqual([invited.userId, invited.status], [guest, "invited"]);
    assert.deepEqual(
      await client.inviteGuest({ id, userId: guest }, callOf(host)),
      invited,
      "a second one is the same",
    );
    for (const viewer of [host, guest])
      assert.deepEqual((await client.guests({ id }, callOf(viewer))).items, [invited]);
    for (const caller of [callOf(3), callOf()]) assert.deepEqual((await client.guests({ id }, caller)).items, []);
    const service = (await fixture.host.host()).client(live, "test");
    assert.deepEqual((await service.guestsOf({ ids: [id] }, callOf(3))).items, []);
    assert.deepEqual((await service.guestsOf({ ids: [id] }, callOf(guest))).items, [{ ...invited, roomId: id }]);
  });

  it("are refused for a room that is not live", async () => {
    const { id } = await fixture.room();
    await assert.rejects(client.inviteGuest({ id, userId: guest }, callOf(host)), { code: "live.not_live" });
    await client.end({ id }, callOf(host));
    await assert.rejects(client.inviteGuest({ id, userId: guest }, callOf(host)), { code: "live.not_live" });
  });

  it("are refused for the owner, for restricted and blocked accounts, and for those who may not come in", async () => {
    const { id } = await fixture.liveRoom();
    const invite = (userId: number, room = id) => client.inviteGuest({ id: room, userId }, callOf(host));
    const notInvitable = { code: "live.not_invitable" };
    await assert.rejects(invite(host), notInvitable);
    await client.banFromRoom({ id, userId: 3 }, callOf(host));
    await client.muteInRoom({ id, userId: 4 }, callOf(host));
    for (const userId of [3, 4]) await assert.rejects(invite(userId), notInvitable);
    for (const relationship of [{ isBlocked: true }, { isBlocking: true }]) {
      fixture.relationships.set(5, relationship);
      await assert.rejects(invite(5), notInvitable);
    }
    const hidden = await fixture.liveRoom({ visibility: "private" });
    await assert.rejects(invite(guest, hidden.id), notInvitable);
    const followed = await fixture.liveRoom({ visibility: "followers" });
    await assert.rejects(invite(guest, followed.id), notInvitable);
    fixture.relationships.set(guest, { isFollowed: true });
    assert.equal((await invite(guest, followed.id)).status, "invited");
  });

  it("are three at the same time, also where more are given together", async () => {
    const { id } = await fixture.liveRoom();
    const answers = await Promise.allSettled(
      [2, 3, 4, 5, 6].map((userId) => client.inviteGuest({ id, userId }, callOf(host))),
    );
    assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 3);
    await assert.rejects(client.inviteGuest({ id, userId: 9 }, callOf(host)), { code: "live.too_many_guests" });
    const { items } = await client.guests({ id }, callOf(host));
    await client.removeGuest({ id, userId: items[0]?.userId ?? 0 }, callOf(host));
    assert.equal((await client.inviteGuest({ id, userId: 9 }, callOf(host))).userId, 9);
  });

  it("end by the owner or the guest, and by nobody else", async () => {
    const { id } = await fixture.liveRoom();
    const invite = () => client.inviteGuest({ id, userId: guest }, callOf(host));
    const guestsNow = async () => (await client.guests({ id }, callOf(host))).items.length;
    for (const by of [host, guest]) {
      await invite();
      await assert.rejects(client.removeGuest({ id, userId: guest }, callOf(3)), { code: "live.not_yours" });
      assert.equal(await guestsNow(), 1);
      await client.removeGuest({ id, userId: guest }, callOf(by));
      assert.equal(await guestsNow(), 0);
      await client.removeGuest({ id, userId: guest }, callOf(by));
    }
    await invite();
    await client.update({ id, visibility: "private" }, callOf(host));
    await client.removeGuest({ id, userId: guest }, callOf(guest));
    assert.equal(await guestsNow(), 0, "a guest leaves a room that was closed to them");
    await assert.rejects(client.removeGuest({ id, userId: guest }, callOf(guest)), notFound);
  });

  it("end with a mute or a ban in the room, with the room, and with the account", async () => {
    const { id } = await fixture.liveRoom();
    const invite = () => client.inviteGuest({ id, userId: guest }, callOf(host));
    const guestsNow = async () => (await client.guests({ id }, callOf(host))).items.length;
    await invite();
    await client.muteInRoom({ id, userId: guest }, callOf(host));
    assert.equal(await guestsNow(), 0);
    await client.unmuteInRoom({ id, userId: guest }, callOf(host));
    await invite();
    await client.banFromRoom({ id, userId: guest }, callOf(host));
    assert.equal(await guestsNow(), 0);
    await client.unbanFromRoom({ id, userId: guest }, callOf(host));
    await invite();
    await fixture.deleteAccount(guest);
    await fixture.host.drain();
    assert.equal(await guestsNow(), 0);
    await assert.rejects(invite(), { code: "live.not_invitable" });
    const { liveId } = await client.inviteGuest({ id, userId: 3 }, callOf(host));
    await client.end({ id }, callOf(host));
    assert.equal(await guestsNow(), 0);
    const { offer: sdp } = await idle;
    await assert.rejects(client.publish({ id: liveId, sdp }, callOf(3)), notFound);
  });
});

describe("the stream of a guest", { timeout: 60_000 }, () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  afterEach(() => Promise.all(publishers.splice(0).map((publisher) => publisher.close())));
  after(async () => {
    await (await idle).close();
    await fixture.host[Symbol.asyncDispose]();
  });

  it("is published by the guest alone (S2.2)", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    const { liveId } = await client.inviteGuest({ id, userId: guest }, callOf(host));
    const { offer: sdp } = await idle;
    for (const caller of [callOf(host), callOf(3), callOf(3, { role: "admin" }), callOf()])
      await assert.rejects(client.publish({ id: liveId, sdp }, caller), notFound);
    await assert.rejects(client.publish({ id: liveId, sdp, key: streamKey }, callOf(host)), {
      code: "live.wrong_stream_key",
    });
    await assert.rejects(client.publish({ id, sdp }, callOf(guest)), { code: "live.not_yours" });
    const { sessionId } = await client.publish({ id: liveId, sdp }, callOf(guest));
    await client.hangUp({ id: liveId, sessionId }, callOf(guest));
    await client.removeGuest({ id, userId: guest }, callOf(host));
    await assert.rejects(client.publish({ id: liveId, sdp }, callOf(guest)), notFound);
  });

  it("is published to a room with a password by a guest who knows it", async () => {
    const { id } = await fixture.liveRoom({ visibility: "password", password: "open sesame" });
    const { liveId } = await client.inviteGuest({ id, userId: guest }, callOf(host));
    const { offer: sdp } = await idle;
    await assert.rejects(client.publish({ id: liveId, sdp }, callOf(guest)), { code: "live.password_required" });
    const { unlock } = await client.unlock({ id, password: "open sesame" }, callOf(guest));
    const { sessionId } = await client.publish({ id: liveId, sdp }, callOf(guest, { unlock }));
    await client.hangUp({ id: liveId, sessionId }, callOf());
  });

  it("is no room: nothing else knows its number, and no list has it", async () => {
    const { id } = await fixture.liveRoom();
    const { liveId } = await client.inviteGuest({ id, userId: guest }, callOf(host));
    await send(liveId, guest);
    await statusIs(id, "live");
    const service = (await fixture.host.host()).client(live, "test");
    for (const viewer of [callOf(guest), callOf(host), callOf(3)]) {
      for (const refused of [
        () => client.get({ id: liveId }, viewer),
        () => client.update({ id: liveId, visibility: "public" }, viewer),
        () => client.start({ id: liveId }, viewer),
        () => client.end({ id: liveId }, viewer),
        () => client.remove({ id: liveId }, viewer),
        () => client.resetKey({ id: liveId }, viewer),
        () => client.health({ id: liveId }, viewer),
        () => client.join({ id: liveId }, viewer),
        () => client.attend({ id: liveId }, viewer),
        () => client.say({ id: liveId, content: "hello" }, viewer),
        () => client.sendGift({ id: liveId, giftId: 1 }, viewer),
        () => client.guests({ id: liveId }, viewer),
        () => client.inviteGuest({ id: liveId, userId: 4 }, viewer),
      ])
        await assert.rejects(refused(), notFound);
      for (const status of ["live", "paused", "waiting", undefined] as const) {
        const lists = [client.list({ status }, viewer), client.ofUser({ id: guest, status }, viewer)];
        for (const { items } of await Promise.all(lists)) assert.ok(items.every((room) => room.id === id));
      }
      assert.deepEqual((await service.visible({ ids: [liveId] }, viewer)).items, []);
    }
    assert.deepEqual(
      (await service.batch({}, callOf())).items.map(({ liveId: one }) => one),
      [id],
    );
    assert.equal((await service.onAir({}, callOf())).rooms, 1);
    await fixture.host.drain();
    assert.deepEqual(fixture.published, [`created ${id}`, `started ${id}`], "nobody is notified of it");
  });

  it("is watched by those who may watch its room, while the room and the guest are there (S2.3)", async () => {
    const { id } = await fixture.liveRoom({ visibility: "followers" });
    fixture.relationships.set(guest, { isFollowed: true });
    fixture.relationships.set(3, { isFollowed: true });
    const { liveId } = await client.inviteGuest({ id, userId: guest }, callOf(host));
    await assert.rejects(client.playbackAddress({ id: liveId }, callOf(3)), notFound);
    await send(liveId, guest);
    await statusIs(id, "live");

    const { hlsUrl } = await client.playbackAddress({ id: liveId }, callOf(3));
    const [, token = ""] = /\/t\/([^/]+)\//.exec(hlsUrl) ?? [];
    assert.equal((await client.playback({ id: liveId, token }, callOf())).status, "live");
    await assert.rejects(client.playback({ id, token }, callOf()), notFound);
    for (const stranger of [callOf(4), callOf()])
      await assert.rejects(client.playbackAddress({ id: liveId }, stranger), notFound);
    const viewer = await whepClient();
    await assert.rejects(client.watch({ id: liveId, sdp: viewer.offer }, callOf(4)), notFound);
    await until(() =>
      client.watch({ id: liveId, sdp: viewer.offer }, callOf(3)).then(
        async ({ sdp }) => {
          await viewer.accept(sdp);
          return true;
        },
        () => undefined,
      ),
    );
    await until(() => viewer.received.video.length > 10);

    await client.banFromRoom({ id, userId: 3 }, callOf(host));
    await assert.rejects(client.playback({ id: liveId, token }, callOf()), { code: "live.banned" });
    await client.unbanFromRoom({ id, userId: 3 }, callOf(host));
    await client.update({ id, visibility: "private" }, callOf(host));
    await assert.rejects(client.playback({ id: liveId, token }, callOf()), { code: "live.bad_playback_token" });
    await client.end({ id }, callOf(host));
    await assert.rejects(client.playbackAddress({ id: liveId }, callOf(host)), notFound);
    await until(async () => !(await isStreaming(liveId)));
    await viewer.close();
  });

  it("comes and goes with a message to the room, and ends when it stays away", async () => {
    const { id } = await fixture.liveRoom();
    const { liveId } = await client.inviteGuest({ id, userId: guest }, callOf(host));
    const { sessionId } = await send(liveId, guest);
    await statusIs(id, "live");
    await client.hangUp({ id: liveId, sessionId }, callOf());
    await until(async () => (await client.guests({ id }, callOf())).items.length === 0);
    await until(async () => (await saidOf(id)).length === 3);
    assert.deepEqual(
      await saidOf(id),
      ["live", "paused", "left"].map((status) => ({ live_id: liveId, user_id: guest, status })),
    );
    assert.equal((await client.get({ id }, callOf())).status, "live", "the room goes on");
    assert.equal(await isStreaming(liveId), false);
    assert.deepEqual(
      await fixture.db.selectFrom("live.recordings").select("live_id").execute(),
      [],
      "it is not recorded",
    );
  });

  it("ends when the guest is muted in the room, and leaves the room as it is", async () => {
    const { id } = await fixture.liveRoom();
    const { liveId } = await client.inviteGuest({ id, userId: guest }, callOf(host));
    await send(liveId, guest);
    await statusIs(id, "live");
    await until(async () => await isStreaming(liveId));
    await client.muteInRoom({ id, userId: guest }, callOf(host));
    await until(async () => !(await isStreaming(liveId)));
    assert.equal((await client.get({ id }, callOf())).status, "live");
  });
});

const fixture = new LiveFixture({ graceMs: 500 });
const { client } = fixture;
const encoded = encodedStream({ seconds: 2, keySeconds: 1, isSilent: true });
/** A publisher that offers and never connects. */
const idle = whipClient();
const publishers: WhipClient[] = [];

/** A publisher that is connected and sends. */
async function send(id: number, userId: number) {
  const publisher = await whipClient();
  publishers.push(publisher);
  const { sdp, sessionId } = await client.publish({ id, sdp: publisher.offer }, callOf(userId));
  await publisher.accept(sdp);
  const { formats, frames } = await encoded;
  publisher.send(formats[0] as VideoFormat, frames as readonly VideoFrame[]); // The stream is mute.
  return { sessionId };
}

const statusIs = (id: number, status: string) =>
  until(async () => (await client.guests({ id }, callOf(host))).items[0]?.status === status);

/** The messages about guests in the room, in their order. */
async function saidOf(id: number): Promise<unknown[]> {
  const { items } = await client.messages({ id }, callOf());
  return items
    .filter(({ kind }) => kind === "guest")
    .toReversed()
    .map(({ detail }) => JSON.parse(detail));
}

async function isStreaming(id: number): Promise<boolean> {
  const service = (await fixture.host.host()).client(live, "test");
  return (await service.hasStream({ id }, callOf())).hasStream;
}
