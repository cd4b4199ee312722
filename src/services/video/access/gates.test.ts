import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { gateGranted, gateRevoked } from "#events/gate";
import { clubLevelChanged } from "#events/live";
import { callOf } from "#kernel/host/testing";
import { mira, noor, notFound, service, silentSinceMs, VideoFixture } from "../testing.ts";

const token = { kind: "tokens", chain_id: 1, contract: `0x${"ab".repeat(20)}`, standard: "erc721" } as const;
const dayMs = 86_400_000;

describe("the gate of a video", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  const gated = (gate: object, more: object = {}) => fixture.publish({ visibility: "gated", gate, ...more });
  const opens = (id: number, by?: number) =>
    client.get({ id }, callOf(by)).then(
      () => true,
      (error: { code?: string }) => error.code,
    );
  const listed = async (id: number, by?: number) =>
    (await client.ofUser({ id: mira, limit: 100 }, callOf(by))).items.some((item) => item.id === id);

  it("is closed with what opens it, and open to its owner and to moderators", async () => {
    const gate = {
      any: [
        { kind: "followers", since_days: 30 },
        { kind: "coins", price: 120 },
      ],
    };
    const { id } = await gated(gate);
    await assert.rejects(client.get({ id }, callOf(noor)), {
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
    assert.deepEqual([await opens(id), await listed(id), await listed(id, noor)], ["gate.closed", false, false]);
    assert.deepEqual((await client.get({ id }, callOf(mira))).gate, gate);
    assert.equal((await client.get({ id }, callOf(99, { role: "moderator" }))).gate, undefined);
    assert.ok(await listed(id, mira));
  });

  it("asks for the time of a follow, and closes after it", async () => {
    const { id } = await gated({ kind: "followers", since_days: 30 });
    fixture.followedSince.set(noor, Date.now() - 30 * dayMs + 60_000);
    assert.equal(await opens(id, noor), "gate.closed");
    fixture.followedSince.set(noor, Date.now() - 30 * dayMs - 60_000);
    assert.deepEqual([await opens(id, noor), await listed(id, noor)], [true, true]);
    fixture.followedSince.clear();
    assert.equal(await opens(id, noor), "gate.closed");
    fixture.areTiesDown = true;
    assert.equal(await opens(id, noor), "kernel.service_unavailable", "a fact that cannot be asked closes it");
  });

  it("opens for invited people and buyers until their time, by the events in any order", async () => {
    const { id } = await gated({ any: [{ kind: "invited" }, { kind: "coins", price: 5, rent_hours: 1 }] });
    const grant = { kind: "video", thingId: id, userId: noor } as const;
    const publish = async (reason: "invited" | "paid", version: number, untilMs: number | null = null) => {
      await fixture.emit(gateGranted, id, { ...grant, reason, untilMs, version });
      await fixture.host.drain();
    };
    await publish("invited", 1);
    assert.equal(await opens(id, noor), true);
    await client.putGrant({ ...grant, reason: "invited", untilMs: null, version: 4, isGranted: false }, service);
    assert.equal(await opens(id, noor), "gate.closed", "at once");
    await publish("invited", 3);
    assert.equal(await opens(id, noor), "gate.closed", "an earlier event changes nothing");
    await publish("paid", 1, Date.now() + 3_600_000);
    assert.equal(await opens(id, noor), true);
    await publish("paid", 2, Date.now() - 1);
    assert.equal(await opens(id, noor), "gate.closed", "the rental is over");
    await publish("paid", 3);
    assert.equal(await opens(id, noor), true);
    await fixture.emit(gateRevoked, id, { ...grant, reason: "paid", version: 4 });
    await fixture.host.drain();
    assert.equal(await opens(id, noor), "gate.closed", "refunded");
    const { id: other } = await gated({ kind: "invited" });
    assert.equal(await opens(other, noor), "gate.closed", "a grant is for one thing");
  });

  it("opens from a level in the fan club on", async () => {
    const { id } = await gated({ kind: "tier", tier_id: 2 });
    const level = async (value: number) => {
      await fixture.emit(clubLevelChanged, mira, { ownerId: mira, userId: noor, level: value });
      await fixture.host.drain();
      return opens(id, noor);
    };
    assert.deepEqual([await level(1), await level(2), await level(0)], ["gate.closed", true, "gate.closed"]);
  });

  it("opens to holders, waits for the chain, and is closed with its name while it is silent", async () => {
    const { id } = await gated({ all: [{ kind: "followers" }, token] });
    fixture.followedSince.set(noor, Date.now());
    await assert.rejects(client.get({ id }, callOf(noor)), {
      code: "gate.chain_unavailable",
      http: 503,
      message: "Ethereum cannot be asked right now, so nobody knows who holds what there",
      details: { shown: { chain_id: 1, chain: "Ethereum", since: new Date(silentSinceMs).toISOString() } },
    });
    fixture.holdings.set(noor, "waiting_for_finality");
    assert.equal(await opens(id, noor), "gate.closed");
    fixture.holdings.set(noor, "held");
    assert.deepEqual([await opens(id, noor), await listed(id, noor)], [true, true]);
    fixture.followedSince.clear();
    assert.equal(await opens(id, noor), "gate.closed", "all of them are needed");
    assert.equal(fixture.asks, 0);
    await client.gate({ id, isAnew: true }, callOf(noor, { caller: "test" }));
    assert.equal(fixture.asks, 1);
  });

  it("has a password as one of its terms, of which a token is a proof and of nothing else", async () => {
    const gate = { all: [{ kind: "followers" }, { kind: "password" }] };
    await assert.rejects(gated(gate), { code: "gate.password_missing" });
    const { id, generation } = await gated(gate, { gatePassword: "open sesame" });
    const { unlock } = await client.unlock({ id, password: "open sesame" }, callOf(noor));
    await assert.rejects(client.get({ id }, callOf(noor, { unlock })), { code: "gate.closed" });
    fixture.followedSince.set(noor, Date.now());
    assert.equal((await client.get({ id }, callOf(noor, { unlock }))).isGranted, true);
    const playable = (isGranted: boolean) =>
      client.playable({ id, isGranted }, callOf(noor, { caller: "test" })).then(
        () => true,
        (error: { code?: string }) => error.code,
      );
    assert.deepEqual([await playable(true), await playable(false)], [true, "gate.closed"]);
    fixture.followedSince.clear();
    assert.equal(await playable(true), "gate.closed", "the token carries the password alone");
    const changed = await client.update({ id, gate: { kind: "password" } }, callOf(mira));
    assert.equal(changed.generation, generation + 1);
    assert.equal(await playable(true), true);
    await client.update({ id, gate: { kind: "invited" } }, callOf(mira));
    assert.equal(await playable(true), "gate.closed", "it has no password any more");
  });

  it("is part of its visibility, and changes with it", async () => {
    await assert.rejects(fixture.publish({ visibility: "gated" }), { code: "gate.missing", http: 400 });
    const { id, generation } = await gated({ kind: "invited" }, { teaser: "cover" });
    const same = await client.update({ id, gate: { kind: "invited" }, visibility: "gated" }, callOf(mira));
    assert.equal(same.generation, generation, "the same gate ends no address");
    const open = await client.update({ id, visibility: "unlisted" }, callOf(mira));
    assert.deepEqual([open.generation, open.gate, open.teaser], [generation + 1, undefined, undefined]);
    assert.equal(await opens(id), true);
    await assert.rejects(client.update({ id, visibility: "gated" }, callOf(mira)), { code: "gate.missing" });
    assert.equal((await client.update({ id, gate: { kind: "invited" } }, callOf(mira))).visibility, "unlisted");
  });

  it("is refused where it is too large, is no tree, or names a chain that is not there", async () => {
    const password = { kind: "password" };
    const deep = { any: [{ all: [{ any: [{ kind: "invited" }] }] }] };
    const wide = {
      any: Array.from({ length: 3 }, () => ({ all: Array.from({ length: 6 }, () => ({ kind: "invited" })) })),
    };
    const bad = [
      {},
      { any: [] },
      { any: Array.from({ length: 9 }, () => ({ kind: "invited" })) },
      { kind: "coins" },
      { kind: "coins", price: 0 },
      { kind: "invited", price: 5 },
      { kind: "followers", any: [{ kind: "invited" }] },
      { all: [password, password] },
      { ...token, standard: "erc1155" },
      { ...token, min: "0" },
      { ...token, chain_id: 2 },
      deep,
      wide,
    ];
    for (const gate of bad)
      await assert.rejects(
        gated(gate, { gatePassword: "open sesame" }),
        { code: "kernel.invalid_input", http: 400 },
        JSON.stringify(gate),
      );
    await assert.rejects(
      gated({ any: [{ kind: "invited" }, { ...token, chain_id: 2 }] }),
      (error: { details?: object }) => {
        assert.deepEqual(error.details, {
          fields: [{ field: "gate.any.1.chain_id", message: "this chain is not set up here" }],
        });
        return true;
      },
    );
  });

  it("is read by itself, with the title where its owner lets others see it", async () => {
    const read = (id: number, by?: number) => client.gate({ id }, callOf(by, { caller: "test" }));
    const { id } = await gated({ kind: "invited" }, { teaser: "title" });
    const { title, opening, terms, ownerId } = await read(id, noor);
    assert.deepEqual([title, opening, terms.length, ownerId], ["Sea", "closed", 1, mira]);
    assert.equal((await read(id, mira)).opening, "open");
    const { id: hidden } = await gated({ kind: "invited" });
    assert.equal((await read(hidden, noor)).title, "");
    const { id: open } = await fixture.publish({});
    assert.deepEqual([(await read(open)).opening, (await read(open)).gate], ["open", undefined]);
    const { id: own } = await fixture.publish({ visibility: "private" });
    await assert.rejects(read(own, noor), notFound);
    await assert.rejects(read(7, noor), notFound);
  });
});

const fixture = new VideoFixture();
const { client } = fixture;
