import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { guest, host, LiveFixture } from "../../testing.ts";

const fixture = new LiveFixture();
const { client } = fixture;

before(() => fixture.start());
after(() => fixture.host[Symbol.asyncDispose]());

it("closes a room to a banned account: its page, chat, gifts, products and fan club, which it may still leave", async () => {
  const { id } = await fixture.liveRoom();
  const { id: pid } = await client.addProduct({ id, name: "Tape", price: 1, stock: 9 }, callOf(host));
  await client.joinFanClub({ id }, callOf(guest));
  const { id: rid } = await client.reserveProduct({ id, pid }, callOf(guest));
  await client.banFromRoom({ id, userId: guest }, callOf(host));
  const attempts: Readonly<Record<string, (call: ReturnType<typeof callOf>) => Promise<unknown>>> = {
    get: (call) => client.get({ id }, call),
    messages: (call) => client.messages({ id }, call),
    chat: (call) => client.chat({ id }, call),
    pinned: (call) => client.pinned({ id }, call),
    gifts: (call) => client.giftRecords({ id }, call),
    rank: (call) => client.givers({ id }, call),
    products: (call) => client.products({ id }, call),
    "fan club": (call) => client.fanClub({ id }, call),
    guests: (call) => client.guests({ id }, call),
    playback: (call) => client.playbackAddress({ id }, call),
    attend: (call) => client.attend({ id }, call),
  };
  const acts: typeof attempts = {
    join: (call) => client.join({ id }, call),
    say: (call) => client.say({ id, content: "hello" }, call),
    gift: (call) => client.sendGift({ id, giftId: 1 }, call),
    confirm: (call) => client.confirmReservation({ id, pid, rid }, call),
    reserve: (call) => client.reserveProduct({ id, pid }, call),
    "join the fan club": (call) => client.joinFanClub({ id }, call),
  };
  for (const [name, attempt] of Object.entries({ ...attempts, ...acts }))
    await assert.rejects(attempt(callOf(guest)), { code: "live.banned", http: 403 }, name);
  for (const [name, attempt] of Object.entries(attempts))
    for (const call of [callOf(), callOf(3), callOf(guest, { role: "moderator" })])
      await assert.doesNotReject(attempt(call), name);
  assert.equal((await client.leaveFanClub({ id }, callOf(guest))).isMember, false);
  await client.unbanFromRoom({ id, userId: guest }, callOf(host));
  for (const [name, attempt] of Object.entries({ ...attempts, ...acts }))
    await assert.doesNotReject(attempt(callOf(guest)), name);
});
