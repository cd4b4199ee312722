import { openDb } from "#kernel/db/pool";
import { LedgerRig, move } from "../../../src/services/live/coins/ledger/testing.ts";
import type { Tables } from "../../../src/services/live/store.ts";
import { Random } from "../../random.ts";

/** The postings of a process of the crash test, as JSON in its one argument. */
export interface LedgerWork {
  readonly address: Parameters<typeof openDb>[0];
  readonly seed: number;
  /** The first operation that is not acknowledged, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** The accounts that coins move between. */
  readonly accounts: readonly number[];
}

const callers = 64;

/** The n-th random transfer of a seed: the same in each process. */
export function operation(seed: number, n: number, accounts: readonly number[]) {
  const random = new Random(seed + n * 7_919);
  const from = random.whole(0, accounts.length - 1);
  const to = (from + random.whole(1, accounts.length - 1)) % accounts.length;
  return move(["crash", n], accounts[from] ?? 0, accounts[to] ?? 0, random.whole(1, 60));
}

if (import.meta.main) {
  const { address, seed, from, to, accounts } = JSON.parse(process.argv[2] ?? "") as LedgerWork; // As the test writes it.
  const db = openDb<Tables>(address, { service: "live" });
  const rig = new LedgerRig(db, callers);
  let next = from;
  const caller = async () => {
    while (next < to) {
      const n = next++;
      const intent = operation(seed, n, accounts);
      // Every tenth is sent twice together.
      const both = n % 10 === 0 ? [intent, intent] : [intent];
      const outcomes = (await Promise.all(both.map((one) => rig.post(one)))).map(({ outcome }) => outcome);
      process.stdout.write(`${n} ${outcomes.join(" ")}\n`);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  await db.close();
}
