import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it, mock } from "node:test";
import { userMuted } from "#events/moderation";
import pg from "pg";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { restrictionsIn } from "../moderation/moderation-store.ts";
import { host, LiveFixture } from "../../testing.ts";

describe("messages that come to a live room together", () => {
  before(async () => {
    neighbour = await fixture.host.addNeighbour();
    await fixture.start();
  });
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("are stored once each, in the order they came, and each sender gets the own number", async () => {
    const { id } = await fixture.liveRoom();
    const answers = await Promise.all(viewers.map((userId) => say(id, userId)));
    const seqs = answers.map(({ message }) => message?.seq ?? 0);
    const first = seqs[0] ?? 0;
    assert.deepEqual(
      seqs,
      viewers.map((_, n) => first + n),
    );
    const { items } = await client.messages({ id, limit: 100 }, callOf(host));
    const stored = items.filter(({ kind }) => kind === "chat").toSorted((a, b) => a.seq - b.seq);
    assert.deepEqual(
      stored.map(({ seq, userId, content }) => [seq, userId, content]),
      viewers.map((userId, n) => [first + n, userId, `from ${userId}`]),
    );
  });

  it("are refused each for its own reason, and the others are stored", async () => {
    const { id } = await fixture.liveRoom();
    const other = await fixture.liveRoom();
    await client.setChat({ id, keywords: [{ pattern: "spam", action: "refuse" }] }, callOf(host));
    await client.muteInRoom({ id, userId: 10, minutes: 5 }, callOf(host));
    await client.banFromRoom({ id, userId: 11 }, callOf(host));
    await client.muteInRoom({ id, userId: 11, minutes: 5 }, callOf(host));
    await neighbour.db.tx((tx) =>
      neighbour.emit(tx, userMuted, 12, { userId: 12, reason: "noise", atMs: 1, untilMs: null }),
    );
    await fixture.host.drain();
    fixture.relationships.set(13, { isBlocking: true });
    const outcomes = await Promise.all([
      ...[10, 11, 12, 13].map((userId) => codeOf(say(id, userId))),
      codeOf(say(id, 14, "spam")),
      codeOf(say(other.id, 10)),
      codeOf(say(id, 15)),
    ]);
    assert.deepEqual(outcomes, [
      "live.muted",
      "live.banned",
      "moderation.muted",
      "live.chat_blocked",
      "live.words_refused",
      "stored",
      "stored",
    ]);
  });

  it("are refused from the mute of their sender on, and sent again after its end", async () => {
    const { id } = await fixture.liveRoom();
    for (let n = 0; n < 3; n++) {
      await client.muteInRoom({ id, userId: 20, minutes: 5 }, callOf(host));
      assert.equal(await codeOf(say(id, 20)), "live.muted");
      await client.unmuteInRoom({ id, userId: 20 }, callOf(host));
      assert.equal(await codeOf(say(id, 20, `round ${n}`)), "stored");
    }
  });

  it("are restricted in the room of the restriction alone", async () => {
    const [{ id }, other] = [await fixture.liveRoom(), await fixture.liveRoom()];
    await client.muteInRoom({ id, userId: 10, minutes: 5 }, callOf(host));
    const standings = [other.id, id].map((liveId) => ({ liveId, userId: 10 }));
    const restrictions = await restrictionsIn(fixture.db, standings, Date.now());
    assert.deepEqual(
      restrictions.map((one) => one?.kind),
      [undefined, "mute"],
    );
  });

  it("are checked by the statements of one message", async () => {
    const { id } = await fixture.liveRoom();
    const one = await statementsOf(() => say(id, 10));
    const many = await statementsOf(() => Promise.all(viewers.slice(1).map((userId) => say(id, userId))));
    assert.ok(one > 0 && many <= one + 3, `${one} for one message, ${many} for ${viewers.length - 1}`);
  });
});

const fixture = new LiveFixture({ tickMs: 50 });
const { client } = fixture;
let neighbour: Host;
const viewers = Array.from({ length: 40 }, (_, n) => 10 + n);

const say = (id: number, userId: number, content = `from ${userId}`) => client.say({ id, content }, callOf(userId));

const codeOf = (saying: Promise<unknown>): Promise<string> =>
  saying.then(
    () => "stored",
    (error: unknown) => (error as { code: string }).code, // Each is a failure of the contract.
  );

/** Statements about messages and their senders, of all that were sent meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const query = mock.method(pg.Client.prototype, "query");
  try {
    await work();
    const texts = query.mock.calls.map(({ arguments: [asked] }) => JSON.stringify(asked));
    return texts.filter((text) => /muted|room_restrictions|blocklist_terms|room_messages|deleted_among/.test(text))
      .length;
  } finally {
    query.mock.restore();
  }
}
