import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import fc from "fast-check";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { silentLog } from "#kernel/log/port";
import { until } from "#test/until";
import { live } from "../../contract.ts";
import { guest, host, LiveFixture, notFound } from "../../testing.ts";
import { ProductNotices } from "./product-notices.ts";
import { fromHundredths, toHundredths } from "./prices.ts";

describe("a product", () => {
  before(async () => {
    await fixture.start();
    neighbour = await fixture.host.addNeighbour();
  });
  beforeEach(async () => {
    await fixture.clear();
    id = (await fixture.liveRoom()).id;
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is added, changed and removed by the owner of its room alone", async () => {
    const tape = await add({ price: 30, salePrice: 24.5, description: "A tape" });
    assert.deepEqual(
      [tape.price, tape.salePrice, tape.currency, tape.stock, tape.available, tape.status],
      [30, 24.5, "EUR", 10, 10, "on"],
    );
    for (const attempt of [
      () => client.addProduct({ id, name: "Mine", price: 1, stock: 1 }, callOf(guest)),
      () => client.updateProduct({ id, pid: tape.id, price: 0 }, callOf(guest)),
      () => client.removeProduct({ id, pid: tape.id }, callOf(guest)),
      () => client.pinProduct({ id, pid: tape.id }, callOf(guest)),
      () => client.orders({ id }, callOf(guest)),
    ])
      await assert.rejects(attempt, { code: "live.not_yours", http: 403 });
    const changed = await client.updateProduct({ id, pid: tape.id, salePrice: 30, stock: 3 }, callOf(host));
    assert.deepEqual([changed.name, changed.price, changed.salePrice, changed.stock], ["Tape", 30, null, 3]);
    assert.equal((await client.get({ id }, callOf())).hasProducts, true);
    await client.removeProduct({ id, pid: tape.id }, callOf(host));
    assert.equal((await client.get({ id }, callOf())).hasProducts, false);
    await assert.rejects(client.updateProduct({ id, pid: tape.id, price: 1 }, callOf(host)), {
      code: "live.product_not_found",
    });
    assert.deepEqual(await fixture.host.findings("live"), []);
  });

  it("is listed for its owner alone while it is off, and for nobody who may not see its room", async () => {
    const shown = await add();
    const off = await add({ name: "Later", status: "off" });
    const listed = async (viewer?: number) =>
      (await client.products({ id }, callOf(viewer))).items.map((product) => product.id);
    assert.deepEqual(await listed(host), [off.id, shown.id]);
    assert.deepEqual(await listed(guest), [shown.id]);
    await assert.rejects(reserve(off.id), { code: "live.product_not_found" });
    const hidden = await fixture.liveRoom({ visibility: "private" });
    await assert.rejects(client.products({ id: hidden.id }, callOf(guest)), notFound);
    const { id: other } = await fixture.liveRoom();
    await assert.rejects(client.pinProduct({ id: other, pid: shown.id }, callOf(host)), {
      code: "live.product_not_found",
    });
  });

  it("is the one that is pinned in its room, until another is", async () => {
    const [first, second] = [await add(), await add()];
    const pinned = async () =>
      (await client.products({ id }, callOf())).items.filter(({ isPinned }) => isPinned).map((product) => product.id);
    await Promise.all([first, second, first].map(({ id: pid }) => client.pinProduct({ id, pid }, callOf(host))));
    assert.equal((await pinned()).length, 1);
    await client.pinProduct({ id, pid: second.id }, callOf(host));
    assert.deepEqual(await pinned(), [second.id]);
    await client.updateProduct({ id, pid: second.id, status: "off" }, callOf(host));
    assert.deepEqual(await pinned(), []);
  });

  it("is reserved by exactly 10 of 100 racing buyers where there are 10", async () => {
    const { id: pid } = await add();
    const buyers = Array.from({ length: 100 }, (_, n) => 100 + n);
    const outcomes = await Promise.allSettled(buyers.map((buyer) => reserve(pid, {}, buyer)));
    const won = outcomes.flatMap((one, n) =>
      one.status === "fulfilled" ? [{ buyer: buyers[n] ?? 0, rid: one.value.id }] : [],
    );
    assert.equal(won.length, 10);
    await assert.rejects(reserve(pid), { code: "live.sold_out", details: { available: 0 } });
    await Promise.all(won.map(({ buyer, rid }) => client.confirmReservation({ id, pid, rid }, callOf(buyer))));
    const { items } = await client.orders({ id }, callOf(host));
    assert.deepEqual(new Set(items.map(({ userId }) => userId)), new Set(won.map(({ buyer }) => buyer)));
    assert.equal(items.length, 10);
    assert.deepEqual(await stockOf(), [0, 0]);
  });

  it("is free for others as soon as its reservation expires, without a job", async () => {
    const { id: pid } = await add({ stock: 1 });
    const { id: rid } = await reserve(pid);
    await assert.rejects(reserve(pid, {}, 3), { code: "live.sold_out" });
    await expireAll();
    assert.deepEqual(await stockOf(), [1, 1]);
    await reserve(pid, {}, 3);
    await assert.rejects(client.confirmReservation({ id, pid, rid }, callOf(guest)), {
      code: "live.reservation_over",
      http: 409,
    });
    assert.equal((await client.cancelReservation({ id, pid, rid }, callOf(guest))).status, "expired");
    await fixture.host.tick("live.reservations");
    const marked = await fixture.db.selectFrom("live.reservations").select(["id", "status"]).orderBy("id").execute();
    assert.deepEqual(
      marked.map(({ status }) => status),
      ["expired", "reserved"],
    );
  });

  it("is ordered once however often its reservation is confirmed, and free once however often it is cancelled", async () => {
    const { id: pid } = await add({ price: 0.29, stock: 5 });
    const bought = await reserve(pid, { quantity: 3 });
    assert.deepEqual([bought.unitPrice, bought.totalPrice, bought.status], [0.29, 0.87, "reserved"]);
    const confirm = () => client.confirmReservation({ id, pid, rid: bought.id }, callOf(guest));
    const confirmed = await Promise.all([1, 2, 3, 4].map(confirm));
    assert.deepEqual(new Set(confirmed.map(({ status }) => status)), new Set(["confirmed"]));
    assert.deepEqual(await stockOf(), [2, 2]);
    await assert.rejects(client.cancelReservation({ id, pid, rid: bought.id }, callOf(guest)), {
      code: "live.reservation_confirmed",
    });
    const { id: rid } = await reserve(pid, { quantity: 2 });
    assert.deepEqual(await stockOf(), [2, 0]);
    const cancel = () => client.cancelReservation({ id, pid, rid }, callOf(guest));
    for (const { status } of await Promise.all([1, 2, 3].map(cancel))) assert.equal(status, "cancelled");
    assert.deepEqual(await stockOf(), [2, 2]);
    await assert.rejects(client.confirmReservation({ id, pid, rid }, callOf(guest)), { code: "live.reservation_over" });
  });

  it("is decided one way when its reservation is confirmed and cancelled together", async () => {
    const { id: pid } = await add();
    const { id: rid } = await reserve(pid);
    const [confirmed, cancelled] = await Promise.allSettled([
      client.confirmReservation({ id, pid, rid }, callOf(guest)),
      client.cancelReservation({ id, pid, rid }, callOf(guest)),
    ]);
    assert.notEqual(confirmed.status, cancelled.status);
    assert.deepEqual(await stockOf(), confirmed.status === "fulfilled" ? [9, 9] : [10, 10]);
  });

  it("is reserved once by each buyer, in a room that is live, and decided by the buyer alone", async () => {
    const { id: pid } = await add();
    await reserve(pid, { quantity: 4 });
    const { id: rid } = await reserve(pid, { quantity: 6 });
    assert.deepEqual(await stockOf(), [10, 4]);
    for (const stranger of [3, host])
      for (const attempt of [client.confirmReservation, client.cancelReservation])
        await assert.rejects(attempt({ id, pid, rid }, callOf(stranger)), { code: "live.reservation_not_found" });
    fixture.relationships.set(3, { isBlocked: true });
    await assert.rejects(reserve(pid, {}, 3), { code: "live.host_blocked" });
    await client.end({ id }, callOf(host));
    await assert.rejects(reserve(pid, {}, 4), { code: "live.not_live", http: 409 });
    assert.equal((await client.confirmReservation({ id, pid, rid }, callOf(guest))).status, "confirmed");
  });

  it("is not hoarded: one buyer reserves two thirds of it at most, and five times in half an hour", async () => {
    const { id: pid } = await add({ stock: 9 });
    await assert.rejects(reserve(pid, { quantity: 7 }), {
      code: "live.share_of_buyer",
      http: 409,
      details: { max: 6 },
    });
    for (let n = 0; n < 5; n++) await reserve(pid, { quantity: 6 - (n % 2) });
    await assert.rejects(reserve(pid), (error: { code: string; http: number; details: { retryAfterMs: number } }) => {
      assert.deepEqual([error.code, error.http], ["live.too_many_reservations", 429]);
      const { retryAfterMs } = error.details;
      assert.ok(retryAfterMs > 1_700_000 && retryAfterMs <= 1_800_000, `${retryAfterMs} ms`);
      return true;
    });
    // Another buyer and another product are not concerned, and the last of a product can be bought.
    await reserve(pid, { quantity: 3 }, 3);
    const { id: last } = await add({ stock: 1 });
    await reserve(last);
  });

  it("is sold no further than its stock, which its owner may lower meanwhile", async () => {
    const { id: pid } = await add();
    const { id: rid } = await reserve(pid, { quantity: 5 });
    await client.updateProduct({ id, pid, stock: 4 }, callOf(host));
    await assert.rejects(client.confirmReservation({ id, pid, rid }, callOf(guest)), { code: "live.sold_out" });
    await client.updateProduct({ id, pid, stock: 5 }, callOf(host));
    await client.confirmReservation({ id, pid, rid }, callOf(guest));
    assert.deepEqual(await stockOf(), [0, 0]);
  });

  it("is said to the room when it is changed, with how many are left, once for many buyers", async () => {
    const { id: pid } = await add({ stock: 50 });
    const off = await add({ name: "Later", status: "off" });
    const room = await follow();
    await client.pinProduct({ id, pid }, callOf(host));
    await until(() => room.said.length === 1);
    await Promise.all(Array.from({ length: 20 }, (_, n) => reserve(pid, {}, 100 + n)));
    await until(() => room.said.at(-1)?.["available"] === 30);
    assert.deepEqual(room.said[0], {});
    assert.ok(room.said.length < 10, `${room.said.length} notices`);
    await client.updateProduct({ id, pid: off.id, price: 5 }, callOf(host));
    await until(() => Object.keys(room.said.at(-1) ?? { id: 0 }).length === 0);
    room.stop();
  });

  it("is said to the room when the time of a reservation is over, and not while it is off", async () => {
    const { id: pid } = await add({ stock: 3 });
    const said: unknown[] = [];
    const parts = { db: fixture.db, log: silentLog, settings: { tickMs: 5 } };
    const notices = new ProductNotices(parts, (_, { payload }) => void said.push(JSON.parse(payload)));
    await reserve(pid);
    notices.announceReservation(id, pid, 100);
    await until(() => said.length === 1);
    await expireAll();
    await until(() => said.length === 2);
    assert.deepEqual(said, [
      { id: pid, available: 2 },
      { id: pid, available: 3 },
    ]);
    await client.updateProduct({ id, pid, status: "off" }, callOf(host));
    const other = await add();
    for (const one of [pid, other.id]) notices.stockChanged(id, one);
    await until(() => said.length === 3);
    assert.deepEqual(said[2], { id: other.id, available: 10 });
    notices.stop();
  });

  it("keeps its orders without their buyer when that account is deleted, and goes with its room", async () => {
    const { id: pid } = await add();
    const { id: rid } = await reserve(pid);
    await client.confirmReservation({ id, pid, rid }, callOf(guest));
    await reserve(pid);
    await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, guest, { userId: guest }));
    await fixture.host.drain();
    const { items } = await client.orders({ id }, callOf(host));
    assert.deepEqual(
      items.map(({ userId, productName }) => [userId, productName]),
      [[null, "Tape"]],
    );
    assert.deepEqual(await stockOf(), [9, 9]);
    await client.removeProduct({ id, pid }, callOf(host));
    assert.equal((await client.orders({ id }, callOf(host))).items.length, 1);
    await client.remove({ id }, callOf(host));
    assert.deepEqual(await fixture.db.selectFrom("live.reservations").select("id").execute(), []);
  });
});

describe("a price", () => {
  it("is the same after it was stored, for every two decimals", () => {
    fc.assert(fc.property(fc.nat(1_000_000_000), (n) => assert.equal(toHundredths(fromHundredths(n)), n)));
    assert.deepEqual([0.29, 19.99, 1.1, 0].map(toHundredths), [29, 1_999, 110, 0]);
  });
});

const fixture = new LiveFixture();
const { client } = fixture;
let neighbour: Host;
let id = 0;

/** Ten tapes at 30, unless the fields say otherwise. */
const add = (fields: Partial<Parameters<typeof client.addProduct>[0]> = {}) =>
  client.addProduct({ id, name: "Tape", price: 30, stock: 10, ...fields }, callOf(host));
const reserve = (pid: number, fields: { readonly quantity?: number } = {}, buyer: number = guest) =>
  client.reserveProduct({ id, pid, ...fields }, callOf(buyer));
/** The messages about products that a viewer of the room receives. */
async function follow() {
  const said: Record<string, unknown>[] = [];
  const stopping = new AbortController();
  const service = (await fixture.host.host()).client(live, "test");
  const run = async () => {
    for await (const { lines } of service.room({ id }, callOf(undefined, { signal: stopping.signal })))
      for (const { kind, payload } of lines)
        if (kind === "product") said.push(JSON.parse(payload) as Record<string, unknown>); // As the notices write it.
  };
  run().catch(() => undefined);
  return { said, stop: () => stopping.abort() };
}
const expireAll = () => fixture.db.updateTable("live.reservations").set({ expires_at_ms: 1 }).execute();

/** The stock of the room's one product, and what of it is available. */
async function stockOf(): Promise<number[]> {
  const { items } = await client.products({ id }, callOf(host));
  return items.flatMap(({ stock, available }) => [stock, available]);
}
