import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { until } from "#test/until";
import { live } from "../../contract.ts";
import { guest, host, LiveFixture } from "../../testing.ts";

const rose = 1;
const moderator = 3;
const stranger = 4;

describe("the message of a gift in its room", () => {
  before(async () => {
    await fixture.start();
    neighbour = await fixture.host.addNeighbour();
  });
  beforeEach(async () => {
    await fixture.clear();
    id = (await fixture.liveRoom()).id;
    giver += 1;
    await client.addModerator({ id, userId: moderator }, callOf(host));
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is committed with the payment, whatever becomes of the process", async () => {
    const paid = await Promise.all(Array.from({ length: 20 }, (_, n) => give({ message: n < 3 ? `${n}` : "" })));
    // Nothing is awaited: what another process reads now is what a crash would leave.
    const { items } = await client.messages({ id, limit: 100 }, callOf());
    const shown = items.filter(({ kind }) => kind === "gift");
    assert.deepEqual(
      new Map(shown.map(({ seq, detail }) => [detailOf(detail)["id"], seq])),
      new Map(paid.map((record) => [record.id, record.messageSeq]).toReversed() as [number, number][]), // Each has a number.
    );
  });

  it("comes to viewers once and in the order of its number, beside chat", async () => {
    const room = await follow();
    const texts = Array.from({ length: 8 }, (_, n) => n);
    await Promise.all(
      texts.map((n) => (n % 2 === 0 ? give() : client.say({ id, content: `${n}` }, callOf(500 + giver * 10 + n)))),
    );
    await until(() => room.seqs.length >= texts.length);
    assert.deepEqual(
      room.seqs,
      room.seqs.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(room.seqs).size, texts.length);
    await room.stop();
  });

  it("loses its words to the host, a moderator or its sender, and to nobody else; the gift stays", async () => {
    for (const deleter of [host, moderator, giver]) {
      const { messageSeq } = await give({ message: "regrettable words", isAnonymous: true });
      const seq = messageSeq ?? 0;
      await assert.rejects(client.deleteMessage({ id, seq }, callOf(stranger)), { code: "live.not_moderator" });
      await client.deleteMessage({ id, seq }, callOf(deleter));
      await client.deleteMessage({ id, seq }, callOf(deleter));
      assert.doesNotMatch(await everything(), /regrettable/);
      const { items } = await client.messages({ id }, callOf());
      assert.ok(items.some((message) => message.seq === seq && message.kind === "gift"));
      const notices = items.filter(({ kind }) => kind === "gift_text").map(({ detail }) => detailOf(detail));
      assert.equal(notices.filter((notice) => notice["seq"] === seq && notice["message"] === "").length, 1);
    }
    const { items } = await client.giftRecords({ id }, callOf(giver));
    assert.deepEqual(
      items.map(({ messageStatus, totalValue }) => [messageStatus, totalValue]),
      Array.from({ length: 3 }, () => ["deleted", 5]),
    );
  });

  it("gets words that were held when a moderator allows them, and stays anonymous; hidden ones stay out", async () => {
    const words = { message: "see http://site.example/", isAnonymous: true };
    const [first] = [await give(words), await give({ ...words, message: "http://other.example/" })];
    assert.deepEqual([first.messageStatus, first.message], ["held", ""]);
    const { items } = await client.held({ id }, callOf(moderator));
    assert.deepEqual(
      items.map(({ userId, giftRecordId }) => [userId, giftRecordId === first.id]),
      [
        [giver, false],
        [giver, true],
      ],
    );
    await client.hideHeld({ id, heldId: items[0]?.id ?? 0 }, callOf(moderator));
    await client.allowHeld({ id, heldId: items[1]?.id ?? 0 }, callOf(moderator));
    const seen = await everything();
    assert.match(seen, /site\.example/);
    assert.doesNotMatch(seen, /other\.example/);
    assert.ok(!seen.includes(`"userId":${giver}`) && !seen.includes(`"user_id":${giver}`), "the giver is not named");
    const { items: messages } = await client.messages({ id }, callOf());
    const notices = messages.filter(({ kind }) => kind === "gift_text").map(({ detail }) => detailOf(detail));
    assert.deepEqual(notices, [{ id: first.id, seq: first.messageSeq, message: words.message }]);
    assert.equal(messages.filter(({ kind }) => kind === "chat").length, 0);
  });

  it("names an anonymous giver to those who moderate the room alone", async () => {
    await give({ isAnonymous: true });
    const seenBy = async (viewer?: number) => (await client.giftRecords({ id }, callOf(viewer))).items[0]?.userId;
    assert.deepEqual(await Promise.all([host, moderator, giver, stranger, undefined].map(seenBy)), [
      giver,
      giver,
      giver,
      null,
      null,
    ]);
  });

  it("keeps no words of a deleted account, anonymous ones neither", async () => {
    await give({ message: "farewell in secret", isAnonymous: true });
    await give({ message: "farewell http://site.example/", isAnonymous: true });
    await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, giver, { userId: giver }));
    await fixture.host.drain();
    assert.doesNotMatch(await everything(), /farewell/);
    assert.deepEqual((await client.held({ id }, callOf(host))).items, []);
    const { items } = await client.messages({ id }, callOf());
    assert.equal(items.filter(({ kind }) => kind === "gift").length, 2);
  });
});

const fixture = new LiveFixture({ tickMs: 5 });
const { client } = fixture;
let neighbour: Host;
let id = 0;
/** Another one in each case, for the pace of a viewer is counted over all rooms. */
let giver: number = guest + 100;

const give = (gift: { readonly message?: string; readonly isAnonymous?: boolean } = {}) =>
  client.sendGift({ id, giftId: rose, ...gift }, callOf(giver));
const detailOf = (detail: string) => JSON.parse(detail) as Record<string, unknown>; // As the service writes it.

/** The messages of the room that a stranger can read. */
async function everything(): Promise<string> {
  return JSON.stringify([
    await client.messages({ id, limit: 100 }, callOf(stranger)),
    await client.giftRecords({ id, limit: 100 }, callOf(stranger)),
  ]).replaceAll("\\", "");
}

/** The numbers of gifts and chat messages as a gateway receives them. */
async function follow() {
  const seqs: number[] = [];
  const stopping = new AbortController();
  const service = (await fixture.host.host()).client(live, "test");
  const run = async () => {
    for await (const { lines } of service.room({ id, after: 0 }, callOf(undefined, { signal: stopping.signal })))
      for (const { kind, seq } of lines) if (kind === "gift" || kind === "chat") seqs.push(seq);
  };
  const ran = run().catch(() => undefined);
  return { seqs, stop: () => (stopping.abort(), ran) };
}
