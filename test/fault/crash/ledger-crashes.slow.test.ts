import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { openDb } from "#kernel/db/pool";
import { testDatabase } from "#kernel/host/testing";
import { sql } from "kysely";
import { inconsistencies } from "../../../src/services/live/coins/ledger/ledger-store.ts";
import { LedgerRig } from "../../../src/services/live/coins/ledger/testing.ts";
import { migrations } from "../../../src/services/live/migrations.ts";
import type { Tables } from "../../../src/services/live/store.ts";
import { isNightly } from "../../depth.ts";
import type { LedgerWork } from "./ledger-writer.ts";
import { Random } from "../../random.ts";

const { operations, crashes } = isNightly ? { operations: 1_000_000, crashes: 100 } : { operations: 2_000, crashes: 2 };

describe("F1: the ledger whose process is killed at any time", () => {
  it(`posts each of ${operations} random transfers once over ${crashes} crashes, and the sum over all accounts is 0 (S7.1)`, {
    timeout: 1_800_000,
  }, async (t) => {
    const seed = Number(process.env["KINORA_TEST_SEED"] ?? Date.now() % 2 ** 31);
    t.diagnostic(`KINORA_TEST_SEED=${seed}`);
    const address = await testDatabase("live", migrations);
    await using db = Object.assign(openDb<Tables>(address, { service: "live" }), {
      [Symbol.asyncDispose]: () => db.close(),
    });
    const accounts = await new LedgerRig(db).open(Array.from({ length: 20 }, () => 500));
    const receipts = new Receipts(operations);
    const random = new Random(seed);
    const began = performance.now();
    for (let crash = 0; crash < crashes; crash++) {
      const work = { address, seed, from: receipts.firstMissing(), to: operations, accounts };
      await write(work, receipts, random.whole(1, operations / crashes));
    }
    await write({ address, seed, from: receipts.firstMissing(), to: operations, accounts }, receipts, Infinity);
    const seconds = (performance.now() - began) / 1_000;

    assert.equal(receipts.firstMissing(), operations);
    assert.deepEqual(receipts.faults, []);
    const { rows } = await sql<{ count: number }>`
      SELECT count(*) FROM live.transfers WHERE kind = 'gift' AND debit <> 1`.execute(db);
    assert.equal(rows[0]?.count, receipts.posted());
    assert.deepEqual(await Array.fromAsync(inconsistencies(db)), []);
    const { posted, refused, repeated } = receipts.tally();
    t.diagnostic(`${posted} posted, ${refused} refused, ${repeated} repeated after a crash, ${seconds.toFixed(0)} s`);
    assert.ok(posted > operations / 10 && refused > 0);
  });
});

/** Runs a process that posts, and kills it after so many receipts. */
async function write(work: LedgerWork, receipts: Receipts, killAfter: number): Promise<void> {
  const program = join(import.meta.dirname, "ledger-writer.ts");
  const child = spawn(process.execPath, [program, JSON.stringify(work)], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  let count = 0;
  for await (const line of createInterface(child.stdout)) {
    // Operations that were cut off were not acknowledged.
    if (/^\d+( [a-z]+)+$/.test(line)) receipts.add(line);
    count += 1;
    if (count === killAfter) child.kill("SIGKILL");
  }
  const [code] = (await exited) as [number | null]; // As child_process says it.
  if (killAfter === Infinity) assert.equal(code, 0);
}

const [missing, refused, posted] = [0, 1, 2] as const;

/** The answers to each operation, over all processes. */
class Receipts {
  readonly faults: string[] = [];
  readonly #states: Uint8Array;
  #first = 0;
  #repeated = 0;

  constructor(count: number) {
    this.#states = new Uint8Array(count);
  }

  add(line: string): void {
    const [number, ...outcomes] = line.split(" ");
    const n = Number(number);
    const before = this.#states[n];
    const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
    // Two that come together may each be the repeat; a repeat alone was committed by a process that died.
    const isPosted = count("posted") + count("repeated") > 0;
    if (count("reused") > 0) this.faults.push(`${line}: its key is another's`);
    if (count("posted") > (before === posted ? 0 : 1)) this.faults.push(`${line}: it was posted before`);
    if (before === posted && !isPosted) this.faults.push(`${line}: it was posted and is refused`);
    if (before !== posted && isPosted && count("posted") === 0) this.#repeated += 1;
    this.#states[n] = isPosted ? posted : refused;
  }

  /** The first operation without a receipt. */
  firstMissing(): number {
    while (this.#first < this.#states.length && this.#states[this.#first] !== missing) this.#first += 1;
    return this.#first;
  }

  posted(): number {
    return this.#states.reduce((sum, state) => sum + Number(state === posted), 0);
  }

  tally() {
    const all = this.posted();
    return { posted: all, refused: this.#states.length - all, repeated: this.#repeated };
  }
}
