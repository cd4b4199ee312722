import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "#kernel/postgres/postgres";
import { Group } from "#kernel";
import type { Db } from "#kernel";
import { sql } from "kysely";
import { Settings } from "../../src/services/live/settings.ts";
import { createGiftBatch, type WriteGifts } from "../../src/services/live/coins/gifts/gift-batch.ts";
import type { GiftOrder, GiftOutcome } from "../../src/services/live/coins/gifts/gift-payment.ts";
import type { Accounts } from "../../src/services/live/coins/ledger/account-store.ts";
import { shards } from "../../src/services/live/coins/ledger/ledger.ts";
import { intentId } from "../../src/services/live/coins/ledger/transfer-id.ts";
import { createWallets, type Wallets } from "../../src/services/live/coins/ledger/wallets.ts";
import type { Tables } from "../../src/services/live/store.ts";
import { LiveFixture } from "../../src/services/live/testing.ts";
import { median, record } from "../record.ts";

/*
 * Gifts a second of one process, PostgreSQL as it is for users, with fsync on: a transaction for each gift to many hosts, a
 * transaction for each gift to one host, and gifts to one host in groups, in turn.
 */
const [hosts, senders, callers, rounds, goal] = [500, 2_000, 256, 5, 2] as const;
const gifts = { apart: 2_000, together: 10_000 } as const;
const lantern = {
  id: 3,
  name: "Lantern",
  slug: "lantern",
  icon: "🏮",
  animation: "float",
  price: 50,
  type: "small",
  level: 2,
} as const;

const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
const postgres = await startPostgres(folder);
process.env["KINORA_TEST_POSTGRES"] = postgres.socket;
const fixture = new LiveFixture();
try {
  await fixture.start();
  const lines = await measure(fixture.db);
  await record("ledger", lines);
} finally {
  await fixture.host[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}

async function measure(db: Db<Tables>): Promise<string[]> {
  const { nextId, now, emitAll } = await fixture.host.addNeighbour();
  const settings = Settings.parse({ signUpCoins: 1_000_000_000 });
  const accounts = await fillLedger(db, createWallets({ db, now, nextId, settings }));
  const writers = Array.from({ length: shards }, (_, shard) =>
    createGiftBatch({ emitAll, now, nextId, settings }, { hold: async () => nextId() }, shard),
  );
  let count = 0;
  const orderFor = (hostId: number): GiftOrder => {
    const userId = hosts + 1 + (count % senders);
    const [purse, target] = [accounts.get(userId), accounts.get(hostId)];
    if (!purse || !target) throw new Error(`user ${userId} or ${hostId} has no accounts`);
    return {
      transferId: intentId("bench", count++),
      liveId: hostId,
      userId,
      targetId: hostId,
      giftId: lantern.id,
      isAnonymous: false,
      purse,
      target,
      gift: lantern,
      quantity: 1,
      message: "",
      passage: { status: "sent" },
      giver: undefined,
      traceId: "0".repeat(32),
    };
  };
  const writerOf = (hostId: number): WriteGifts => writers[hostId % shards] ?? writers[0] ?? never();
  const alone = async (hostId: number) => db.tx((tx) => writerOf(hostId)(tx, [orderFor(hostId)]));
  const group = new Group<Tables, GiftOrder, GiftOutcome>(db, writerOf(1), { itemsMax: 64, lanes: 1 });
  const modes = [
    { name: "a transaction each, 500 hosts", each: () => alone(1 + (count % hosts)), total: gifts.apart },
    { name: "a transaction each, one host", each: () => alone(1), total: gifts.apart },
    {
      name: "in groups of at most 64, one host",
      each: async () => [await group.add(orderFor(1))],
      total: gifts.together,
    },
  ];
  const results = modes.map(() => ({ speeds: [] as number[], waits: [] as number[] }));
  for (let round = 0; round <= rounds; round++)
    for (const [place, { each, total }] of modes.entries()) {
      const { perSecond, waits } = await run(each, total);
      // The first round warms up.
      if (round === 0) continue;
      results[place]?.speeds.push(perSecond);
      results[place]?.waits.push(...waits);
    }
  const findings = await fixture.host.findings("live");
  if (findings.length > 0) throw new Error(findings.join("\n"));
  const speeds = results.map((result) => median(result.speeds));
  const [spread = 1, hot = 1, grouped = 1] = speeds;
  return [
    `${callers} callers, ${rounds} rounds of ${gifts.apart.toLocaleString("en")} gifts each in a transaction of its own and of ${gifts.together.toLocaleString("en")} in groups, in turn, from ${senders.toLocaleString("en")} senders; \`fsync\` and \`synchronous_commit\` on. A gift is its transfers (two), its record, the counts of its room and of its giver, and its event. Afterwards the sum over all accounts was 0 and each balance was that of its transfers.`,
    "",
    "| | gifts/s | of unbatched to many hosts | p50 | p99 |",
    "|---|---|---|---|---|",
    ...modes.map(({ name }, place) => {
      const result = results[place] ?? { speeds: [], waits: [] };
      const sorted = result.waits.toSorted((a, b) => a - b);
      const at = (part: number) => `${(sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(0)} ms`;
      const range = `${Math.min(...result.speeds).toFixed(0)}–${Math.max(...result.speeds).toFixed(0)}`;
      return `| ${name} | ${(speeds[place] ?? 0).toFixed(0)} (${range}) | ${((speeds[place] ?? 0) / spread).toFixed(2)}× | ${at(0.5)} | ${at(0.99)} |`;
    }),
    "",
    `Goal: gifts to one host in groups at least ${goal}× those to many hosts without groups: **${(grouped / spread).toFixed(1)}×**, and ${(grouped / hot).toFixed(1)}× those to one host without groups.`,
  ];
}

/** Rooms of hosts 1 to `hosts`, each with the host's number, and the accounts of hosts and senders. */
async function fillLedger(db: Db<Tables>, { openIn, open }: Wallets): Promise<Map<number, Accounts>> {
  await sql`
    INSERT INTO live.live_streams (id, owner_id, title, description, cover_url, visibility, status, key_hash, key_hint,
                                   keeps_recording, notifies_followers, created_at_ms)
    SELECT n, n, 'Room', '', '', 'public', 'live', int8send(n), '', FALSE, FALSE, 1 FROM generate_series(1, ${hosts}::bigint) AS n`.execute(
    db,
  );
  const users = Array.from({ length: hosts + senders }, (_, n) => n + 1);
  for (let from = 0; from < users.length; from += 500) await db.tx((tx) => openIn(tx, users.slice(from, from + 500)));
  return open(users);
}

async function run(each: () => Promise<readonly GiftOutcome[]>, total: number) {
  const waits: number[] = [];
  const began = performance.now();
  const caller = async () => {
    for (let n = 0; n < total / callers; n++) {
      const sent = performance.now();
      const [outcome] = await each();
      if (!outcome || "refused" in outcome) throw outcome?.refused ?? new Error("a gift has no outcome");
      waits.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { perSecond: (waits.length / (performance.now() - began)) * 1_000, waits };
}

function never(): never {
  throw new Error("there is no group");
}
