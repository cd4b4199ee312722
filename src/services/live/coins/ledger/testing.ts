import { Group } from "#kernel";
import type { Db } from "#kernel";
import type { Tables } from "../../store.ts";
import { type Intent, post, type Posting, system } from "./ledger.ts";
import { intentId } from "./transfer-id.ts";

/** The ledger without the rest of the service: accounts by number, and a group of batches as gifts have. */
export class LedgerRig {
  readonly db: Db<Tables>;
  readonly #group: Group<Tables, Intent, Posting>;
  #atMs = 1;

  constructor(db: Db<Tables>, itemsMax = 16) {
    this.db = db;
    this.#group = new Group(db, (tx, intents) => post(tx, intents, this.#atMs++), { itemsMax, lanes: 2 });
  }

  /** Accounts of users with these coins, which the platform issues; their ids are 100, 101, … */
  async open(balances: readonly number[]): Promise<number[]> {
    const ids = balances.map((_, n) => 100 + n);
    const rows = ids.map((id) => ({ id, owner_id: id, kind: "coins" as const }));
    await this.db.insertInto("live.accounts").values(rows).execute();
    const issued = balances.map((amount, n) => move(["issue", n], system.issuance, ids[n] ?? 0, amount));
    await this.db.tx((tx) => post(tx, issued, this.#atMs++));
    return ids;
  }

  post(intent: Intent): Promise<Posting> {
    return this.#group.add(intent);
  }

  async balance(id: number): Promise<number> {
    const row = await this.db.selectFrom("live.accounts").select("balance").where("id", "=", id).executeTakeFirst();
    return row?.balance ?? Number.NaN;
  }
}

/** An intent of one leg. */
export const move = (
  key: readonly (string | number)[],
  from: number | readonly number[],
  to: number,
  amount: number,
): Intent => ({
  id: intentId(...key),
  legs: [{ paths: (typeof from === "number" ? [from] : from).map((id) => ({ from: id, to })), amount, kind: "gift" }],
});
