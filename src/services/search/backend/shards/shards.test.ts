import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { callOf } from "#kernel/host/testing";
import { type Log, newCall } from "#kernel";
import { SearchUnavailable } from "../../contract.ts";
import { type ShardNumber, shardOf } from "../../documents/index-part.ts";
import { Stand } from "../../testing.ts";
import { type Peer, ShardPeers } from "./peers.ts";
import { sentQuery } from "./shard-query.ts";

const log = { debug: () => undefined } as unknown as Log; // Nothing else is logged.

describe("shards of the search index in several processes", () => {
  const stand = new Stand({ shards: 3 });
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.stop());

  it("have the documents of three processes, found from one, and its files by one user alone", async () => {
    for (let id = 1; id <= 30; id++) await stand.film(id, { title: `harbour take${id}` });
    await stand.join(1, "harbour");
    for (let id = 101; id <= 110; id++) await stand.file(id, { name: `harbour ${id}`, userId: 1 + (id % 5) });
    assert.equal((await stand.videos("harbour")).length, 20);
    assert.deepEqual(await stand.videos("take17"), [17]);
    const ids: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const { items, next } = await stand.client.videos(
        { q: "harbour", limit: 7, ...(cursor && { cursor }) },
        callOf(),
      );
      ids.push(...items.map(({ videoId }) => videoId));
      if (next === null) break;
      cursor = next;
    }
    assert.deepEqual(
      ids.toSorted((a, b) => a - b),
      Array.from({ length: 30 }, (_, n) => n + 1),
    );
    const { items } = await stand.client.files({ q: "harbour", sort: "new" }, callOf(4));
    assert.deepEqual(
      items.map(({ entryId }) => entryId),
      [108, 103],
    );
    // Without its owner no part is known to have it.
    await stand.file(108, { state: "trashed" });
    await stand.followed();
    const { total } = await stand.client.files({ q: "harbour", count: true }, callOf(4));
    assert.equal(total, 1);
  });

  it("are up to date for each question, as the one before may have gone to another process", async () => {
    const part = { number: 0, count: 3 };
    const id = Array.from({ length: 20 }, (_, n) => n + 1).find(
      (n) => shardOf({ kind: 1, id: n, ownerId: 1 }, 3) === 0,
    );
    assert.ok(id);
    await stand.film(id, { title: "harbour" });
    await stand.followed();
    const concept = { documents: 1, isWritten: true, partings: [], begun: [], alike: { distance: 1, words: [] } };
    const plan = { statistics: { documents: 1, meanLengths: [1, 1, 1, 1, 1, 1] }, concepts: [concept] };
    const query = sentQuery({ kind: 1, text: "harbour" }, { offset: 0, limit: 5 });
    const { all } = await stand.client.shardHits({ part, query, plan }, callOf(undefined, { caller: "search" }));
    assert.deepEqual(
      all.hits.map((hit) => hit.id),
      [id],
    );
  });

  it("refuse a question about another part", async () => {
    const question = { text: "harbour", part: { number: 0, count: 2 } };
    await assert.rejects(stand.client.shardSpellings(question, callOf(undefined, { caller: "search" })), {
      code: SearchUnavailable.code,
    });
  });

  it("are not searched without one of them; names are suggested", async () => {
    await stand.join(1, "harbour");
    await stand.film(1, { title: "harbour" });
    assert.deepEqual(await stand.videos("harbour"), [1]);
    await stand.endLastShard();
    await assert.rejects(stand.videos("harbour"), { code: SearchUnavailable.code });
    const { items } = await stand.client.suggestions({ q: "har" }, callOf());
    assert.deepEqual(items, ["harbour"]);
  });
});

describe("the processes of a shard", () => {
  it("are asked in turn, and another one where one is away", async () => {
    const asked: string[] = [];
    const away = new Set<string>();
    const peerOf = (name: string, part: ShardNumber) => {
      const answered = <A>(answer: A): A => {
        if (away.has(name)) throw SearchUnavailable({});
        return answer;
      };
      const shardSpellings = async () => {
        asked.push(name);
        return answered({ items: [] });
      };
      return { shard: async () => answered(part), shardSpellings } as unknown as Peer; // Nothing else is asked.
    };
    const own = { number: 0, count: 2 };
    const second = { number: 1, count: 2 };
    const all = [peerOf("own", own), peerOf("a", second), peerOf("b", second), peerOf("old", { number: 1, count: 3 })];
    let nowMs = 0;
    const peers = new ShardPeers({
      log,
      own,
      now: () => nowMs,
      call: () => newCall({ waitMs: 1_000 }),
      peers: () => all,
      self: peerOf("self", own),
    });
    const ask = async (number: number) => {
      asked.length = 0;
      await peers.ask(number, (peer, call) => peer.shardSpellings({ part: { number, count: 2 }, text: "" }, call));
      return [...asked];
    };
    assert.deepEqual([await ask(0), await ask(1), await ask(1), await ask(1)], [["self"], ["a"], ["b"], ["a"]]);
    away.add("b");
    assert.deepEqual(await ask(1), ["b", "a"]);
    // Who is there is asked again, beside searches.
    for (const turn of ["first", "second", "third"]) {
      await setImmediate();
      if (turn !== "first") assert.deepEqual(await ask(1), ["a"], turn);
      else await ask(1);
    }
    away.add("a");
    await assert.rejects(ask(1), { code: SearchUnavailable.code });
    away.clear();
    nowMs += 60_000;
    await ask(1);
    await setImmediate();
    assert.deepEqual([await ask(1), await ask(1)].flat().toSorted(), ["a", "b"]);
  });

  it("share documents evenly, each in one of them, the files of a user together", () => {
    // Ids as they are made: by time, with zeros behind.
    const ids = Array.from({ length: 3_000 }, (_, n) => (1_700_000_000_000 + n * 977) * 4_096);
    for (const count of [2, 3, 4, 64]) {
      const sizes = Array.from({ length: count }, () => 0);
      for (const id of ids) {
        const shard = shardOf({ kind: 1, id, ownerId: 7 }, count);
        sizes[shard] = (sizes[shard] ?? 0) + 1;
      }
      const mean = ids.length / count;
      for (const size of sizes) assert.ok(Math.abs(size - mean) < 6 * Math.sqrt(mean), `${size} of ${ids.length}`);
      assert.equal(new Set(ids.map((id) => shardOf({ kind: 4, id, ownerId: 7 }, count))).size, 1);
    }
  });
});
