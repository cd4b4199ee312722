import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { gateGranted } from "#events/gate";
import type { Call } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { guest, host, LiveFixture, notFound } from "../../testing.ts";

describe("the gate of a live room", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  const gated = (gate: object, more: object = {}) => fixture.liveRoom({ visibility: "gated", gate, ...more });
  const outcome = (request: Promise<unknown>) =>
    request.then(
      () => true,
      (error: { code?: string }) => error.code,
    );
  const opens = (id: number, viewer: Call = callOf(guest)) => outcome(client.get({ id }, viewer));
  const grant = (id: number, reason: "invited" | "paid", version: number, isGranted = true) =>
    client.putGrant(
      { kind: "live", thingId: id, userId: guest, reason, untilMs: null, version, isGranted },
      callOf(undefined, { caller: "test" }),
    );

  it("is closed with what opens it, and open to its owner and to moderators", async () => {
    const gate = { any: [{ kind: "followers" }, { kind: "coins", price: 120 }] };
    const { id } = await gated(gate);
    await assert.rejects(client.get({ id }, callOf(guest)), {
      code: "gate.closed",
      http: 403,
      details: {
        shown: {
          gate,
          terms: [
            { path: "any.0", kind: "followers", state: "unmet", needs: "follow" },
            { path: "any.1", kind: "coins", state: "unmet", needs: "pay" },
          ],
          teaser: "none",
        },
      },
    });
    assert.deepEqual((await client.get({ id }, callOf(host))).gate, gate);
    const moderator = callOf(99, { role: "moderator" });
    assert.deepEqual([await opens(id, moderator), (await client.get({ id }, moderator)).gate], [true, undefined]);
    fixture.followedSince.set(guest, 0);
    const seen = await client.get({ id }, callOf(guest));
    assert.deepEqual([seen.gate, seen.teaser], [undefined, undefined], "its terms are for its owner");
    fixture.areFollowsDown = true;
    assert.equal(await opens(id), "kernel.service_unavailable", "a fact that cannot be asked closes it");
  });

  it("is in lists for those to whom it opens", async () => {
    const { id } = await gated({ kind: "invited" });
    const listed = async (by?: number) => [
      (await client.ofUser({ id: host }, callOf(by))).items.some((room) => room.id === id),
      (await client.visible({ ids: [id] }, callOf(by, { caller: "test" }))).items.length === 1,
    ];
    assert.deepEqual(
      [await listed(), await listed(guest)],
      [
        [false, false],
        [false, false],
      ],
    );
    await grant(id, "invited", 1);
    assert.deepEqual(
      [await listed(guest), await listed(host)],
      [
        [true, true],
        [true, true],
      ],
    );
    assert.deepEqual((await client.list({}, callOf(guest))).items, [], "the public list has public rooms");
  });

  it("is asked on every way into the room, and again later", async () => {
    const { id } = await gated({ kind: "coins", price: 5 });
    const token = async () =>
      /\/t\/([^/]+)\//.exec((await client.playbackAddress({ id }, callOf(guest))).hlsUrl)?.[1] ??
      assert.fail("no token");
    const generation = (await client.get({ id }, callOf(host))).id === id ? 1 : 0;
    const ways: Record<string, () => Promise<unknown>> = {
      page: () => client.get({ id }, callOf(guest)),
      address: () => client.playbackAddress({ id }, callOf(guest)),
      bytes: () => client.playback({ id }, callOf(guest)),
      room: () => client.join({ id }, callOf(guest)),
      socket: () => client.attend({ id }, callOf(guest)),
      chat: () => client.say({ id, content: "Hello" }, callOf(guest)),
      history: () => client.messages({ id }, callOf(guest)),
      gifts: () => client.giftRecords({ id }, callOf(guest)),
      give: () => client.sendGift({ id, giftId: 1 }, callOf(guest)),
      products: () => client.products({ id }, callOf(guest)),
      club: () => client.fanClub({ id }, callOf(guest)),
      offer: () => client.watch({ id, sdp: "v=0" }, callOf(guest)),
    };
    for (const [name, way] of Object.entries(ways)) assert.equal(await outcome(way()), "gate.closed", name);
    await grant(id, "paid", 1);
    const address = await token();
    for (const name of ["page", "address", "room", "socket", "history"])
      assert.equal(await outcome(ways[name]?.() ?? assert.fail(name)), true, name);
    const watch = () => outcome(client.playback({ id, token: address }, callOf()));
    const stays = async (isGranted = false) =>
      (await client.dismissed({ id, generation, isGranted, userIds: [guest] }, callOf(undefined, { caller: "test" })))
        .userIds.length === 0;
    assert.deepEqual([await watch(), await stays()], [true, true]);
    await grant(id, "paid", 2, false);
    assert.deepEqual([await watch(), await stays()], ["gate.closed", false], "refunded");
    await grant(id, "paid", 3);
    await client.update({ id, gate: { kind: "invited" } }, callOf(host));
    assert.deepEqual([await watch(), await stays()], ["live.bad_playback_token", false], "another gate");
  });

  it("has a password as one of its terms, which alone a token carries", async () => {
    const gate = { any: [{ kind: "password" }, { kind: "followers" }] };
    await assert.rejects(gated(gate), { code: "gate.password_missing" });
    const { id } = await gated(gate, { gatePassword: "open sesame" });
    assert.equal(await opens(id), "gate.closed");
    const { unlock } = await client.unlock({ id, password: "open sesame" }, callOf(guest));
    assert.equal(await opens(id, callOf(guest, { unlock })), true);
    const { isGranted, generation } = await client.attend({ id }, callOf(guest, { unlock }));
    assert.equal(isGranted, true);
    const stays = async (knew: boolean, by: number = guest) =>
      (
        await client.dismissed(
          { id, generation, isGranted: knew, userIds: [by] },
          callOf(undefined, { caller: "test" }),
        )
      ).userIds.length === 0;
    assert.deepEqual([await stays(true), await stays(true, 0)], [true, true], "also without an account");
    assert.equal(await stays(false), false, "a viewer who came in by a follow did not know it");
    fixture.followedSince.set(guest, 0);
    assert.equal(await stays(false), true);
    await client.update({ id, gatePassword: "another one", visibility: "gated" }, callOf(host));
    fixture.followedSince.clear();
    assert.equal(await stays(true), false, "it has another password");
  });

  it("is part of its visibility, and changes with it", async () => {
    await assert.rejects(fixture.room({ visibility: "gated" }), { code: "gate.missing", http: 400 });
    const { id } = await gated({ kind: "invited" }, { teaser: "title" });
    const state = (by?: number) => client.gate({ id }, callOf(by, { caller: "test" }));
    const { title, opening, terms, ownerId, generation } = await state(guest);
    assert.deepEqual([title, opening, terms.length, ownerId], ["Harbour", "closed", 1, host]);
    assert.equal((await state(host)).opening, "open");
    await client.update({ id, gate: { kind: "invited" }, visibility: "gated", teaser: "title" }, callOf(host));
    assert.equal((await state()).generation, generation, "the same gate ends no address");
    await client.update({ id, teaser: "none" }, callOf(host));
    assert.equal((await state()).title, "");
    const open = await client.update({ id, visibility: "unlisted" }, callOf(host));
    assert.deepEqual([open.gate, open.teaser, await opens(id, callOf())], [undefined, undefined, true]);
    const { opening: afterwards, generation: last } = await state();
    assert.ok(afterwards === "open" && last > generation);
    const { id: own } = await fixture.room({ visibility: "private" });
    await assert.rejects(client.gate({ id: own }, callOf(guest, { caller: "test" })), notFound);
    const unknown = { kind: "tokens", chain_id: 2, contract: `0x${"ab".repeat(20)}`, standard: "erc721" } as const;
    await assert.rejects(gated(unknown), { code: "kernel.invalid_input", http: 400 });
  });

  it("opens by the event of a grant for live rooms alone", async () => {
    const { id } = await gated({ kind: "invited" });
    const publish = async (kind: "video" | "live") => {
      const grant = { kind, thingId: id, userId: guest, reason: "invited", untilMs: null, version: 1 } as const;
      await fixture.emit(gateGranted, id, grant);
      await fixture.host.drain();
      return opens(id);
    };
    assert.deepEqual([await publish("video"), await publish("live")], ["gate.closed", true]);
  });
});

const fixture = new LiveFixture();
const { client } = fixture;
