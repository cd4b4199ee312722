import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Log } from "#kernel";
import { sql } from "kysely";
import { until } from "#test/until";
import type { Tables } from "../store.ts";
import { Stand } from "../testing.ts";
import { documentKind } from "./documents.ts";
import { SearchMemory } from "./memory.ts";

const stand = new Stand();
const warnings: string[] = [];
const log = { warn: (message: string) => void warnings.push(message) } as unknown as Log; // Nothing else is logged.
const db = () => stand.host.database<Tables>("search");

describe("the search index in memory", () => {
  before(() => stand.start());
  beforeEach(async () => {
    await stand.clear();
    warnings.length = 0;
  });
  after(() => stand.host[Symbol.asyncDispose]());

  it("follows new, changed, hidden and deleted videos, users and hashtags", async () => {
    const memory = memoryOf();
    await stand.join(1, "mira", "Mira 海老");
    await stand.film(10, { title: "Sunset 海上日落", tags: ["waves"], hashtags: ["海边"] });
    await stand.tag(5, "seaside");
    assert.deepEqual(
      [
        await found(memory, "sunset"),
        await found(memory, "上日"),
        await found(memory, "#海边"),
        await found(memory, "sea"),
      ],
      [["1 10"], ["1 10"], ["1 10"], ["3 5"]],
    );
    assert.deepEqual(await found(memory, "mira"), ["1 10", "2 1"]);
    await stand.change(10, { title: "harbour" });
    assert.deepEqual([await found(memory, "sunset"), await found(memory, "harbour")], [[], ["1 10"]]);
    await stand.change(10, { visibility: "private" });
    assert.deepEqual(await found(memory, "harbour"), []);
    await stand.change(10, { visibility: "public" });
    assert.deepEqual(await found(memory, "harbour"), ["1 10"]);
    await stand.drop(10);
    await stand.leave(1);
    assert.deepEqual([await found(memory, "harbour"), await found(memory, "mira")], [[], []]);
  });

  it("finds the videos of a user under their new names alone", async () => {
    const memory = memoryOf();
    await stand.film(10, { title: "boat", userId: 7 });
    assert.deepEqual(await found(memory, "noor"), []);
    await stand.join(7, "mira");
    assert.deepEqual(await found(memory, "mira"), ["1 10", "2 7"]);
    await stand.rename(7, "Noor", 2);
    assert.deepEqual(await found(memory, "noor"), ["1 10", "2 7"]);
    await stand.rename(7, "Tess", 3);
    assert.deepEqual([await found(memory, "noor"), await found(memory, "tess")], [[], ["1 10", "2 7"]]);
  });

  it("reads rows of transactions that commit in another order than they begin", async () => {
    const memory = memoryOf();
    await stand.film(10, { title: "boat" });
    await stand.film(11, { title: "boat" });
    assert.deepEqual(await found(memory, "boat"), ["1 10", "1 11"]);
    const { promise: isMade, resolve: made } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const early = db().tx(async (tx) => {
      await setTitle(10, "early").execute(tx);
      made();
      await mayEnd;
    });
    await isMade;
    await db().tx(async (tx) => void (await setTitle(11, "late").execute(tx)));
    assert.deepEqual(await foundNow(memory, "boat"), ["1 10", "1 11"]);
    end();
    await early;
    assert.deepEqual([await found(memory, "early"), await found(memory, "late")], [["1 10"], ["1 11"]]);
  });

  it("answers with what it has while an update takes long, and has the rest afterwards", async () => {
    const memory = memoryOf();
    await stand.film(10, { title: "boat" });
    assert.deepEqual(await found(memory, "boat"), ["1 10"]);
    await stand.film(11, { title: "boat" });
    await stand.settled();
    const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const holding = db().tx(async (tx) => {
      await sql`LOCK TABLE search.documents IN ACCESS EXCLUSIVE MODE`.execute(tx);
      locked();
      await mayEnd;
    });
    await isLocked;
    assert.deepEqual(await foundNow(memory, "boat"), ["1 10"]);
    end();
    await holding;
    await until(async () => (await foundNow(memory, "boat")).length === 2);
  });

  it("is the same in two processes, whichever of them followed longer, and after the table was rewritten", async () => {
    const old = memoryOf();
    for (let id = 1; id <= 30; id++) {
      await stand.film(id, { title: `film take${id % 3}`, userId: 1 + (id % 4) });
      if (id % 5 === 0) await stand.watch(id, id);
      if (id % 7 === 0) await stand.drop(id - 1);
      if (id % 4 === 0) await stand.rename(1 + (id % 8) / 4, `name${id}`, id);
      if (id % 3 === 0) await old.refresh();
    }
    const young = memoryOf();
    for (const q of ["film", "take1", "take2", "name28"])
      assert.deepEqual(await scored(old, q), await scored(young, q), q);
    await sql`TRUNCATE search.documents`.execute(db());
    assert.deepEqual([await found(old, "film"), await found(young, "film")], [[], []]);
  });

  it("has few segments some time after a first filling", async () => {
    await sql`INSERT INTO search.documents (kind, id, version, owner_id, title, is_visible, changed_tx)
      SELECT ${documentKind.hashtag}, id, 1, 0, 'tag' || id, true, pg_current_xact_id()::text::bigint
      FROM generate_series(1, 4000) AS id`.execute(db());
    const memory = memoryOf();
    await foundNow(memory, "tag77");
    assert.ok(memory.index.segments.length > 8);
    await until(() => memory.index.segments.length < 3);
    assert.deepEqual([await foundNow(memory, "tag3977"), memory.index.size], [["3 3977"], 4_000]);
    await memory.stop();
  });

  it("is used as it is while the database is away", async () => {
    await stand.film(10, { title: "boat" });
    let isAway = false;
    const memory = new SearchMemory({
      log,
      now: () => stand.clockMs,
      db: new Proxy(db(), {
        get(target, name) {
          if (isAway) throw new Error("away");
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
    });
    isAway = true;
    await assert.rejects(memory.refresh(), /away/);
    isAway = false;
    assert.deepEqual(await found(memory, "boat"), ["1 10"]);
    isAway = true;
    assert.deepEqual(await foundNow(memory, "boat"), ["1 10"]);
    assert.deepEqual(warnings, ["searches are answered from what was known before"]);
  });
});

const memoryOf = () => new SearchMemory({ db: db(), log, now: () => stand.clockMs });

async function found(memory: SearchMemory, text: string): Promise<string[]> {
  await stand.settled();
  return foundNow(memory, text);
}

async function foundNow(memory: SearchMemory, text: string): Promise<string[]> {
  stand.clockMs += 10_000;
  await memory.refresh();
  const { index } = memory;
  const named = index.search({ text, isName: true, kinds: [documentKind.user, documentKind.hashtag] });
  const { hits } = index.search({ text, toleratesTypos: false });
  return [...hits, ...named.hits].map(({ kind, id }) => `${kind} ${id}`).toSorted();
}

async function scored(memory: SearchMemory, text: string) {
  await stand.settled();
  stand.clockMs += 10_000;
  await memory.refresh();
  return memory.index.search({ text, kinds: [documentKind.video], limit: 100 });
}

const setTitle = (id: number, title: string) =>
  sql`UPDATE search.documents SET title = ${title}, changed_tx = pg_current_xact_id()::text::bigint
      WHERE kind = 1 AND id = ${id}`;
