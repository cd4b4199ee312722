import { BadToken } from "#policy/account";
import { type Call, callerOf, type Id, type PageInput, type Tx, type Handlers } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import type { LiveHost } from "../../settings.ts";
import type { Db, Tables } from "../../store.ts";
import * as store from "./account-store.ts";
import { post, system } from "./ledger.ts";
import { intentId } from "./transfer-id.ts";
import type { live } from "../../contract.ts";

/** Sums in coins. */
export interface Wallet {
  readonly balance: number;
  readonly giftBalance: number;
  readonly earnings: number;
  readonly giftEarnings: number;
  readonly pendingPayouts: number;
}

/** The accounts of users, and what they show to their owners. */
export interface Wallets {
  /** The accounts of these users, made where there are none; without those of deleted users. */
  readonly open: (userIds: readonly Id[]) => Promise<Map<Id, store.Accounts>>;
  /** Gives users their accounts and the coins of a new account, once for each user. Deleted ones get none. */
  readonly openIn: (tx: Tx<Tables>, userIds: readonly Id[]) => Promise<void>;
  /** The accounts of one user. @throws BadToken where the account is deleted */
  readonly accountsOf: (userId: Id) => Promise<store.Accounts>;
  readonly walletOf: (userId: Id, reader?: Db) => Promise<Wallet>;
  readonly handlers: Pick<Handlers<typeof live>, "wallet" | "statement">;
}

export function createWallets({
  db,
  now,
  nextId,
  settings,
}: Pick<LiveHost, "db" | "now" | "nextId" | "settings">): Wallets {
  async function openIn(tx: Tx<Tables>, userIds: readonly Id[]): Promise<void> {
    const deleted = await deletedAmong(tx, userIds);
    const owners = [...new Set(userIds)].filter((id) => !deleted.has(id)).toSorted((a, b) => a - b);
    const accounts = owners.flatMap((owner_id) => store.userAccounts.map((kind) => ({ id: nextId(), owner_id, kind })));
    if (accounts.length === 0) return;
    const made = await store.insertAccounts(tx, accounts);
    const grants = accounts
      .filter(({ kind, owner_id }) => kind === "gift_coins" && made.has(owner_id))
      .map(({ id, owner_id }) => ({
        id: intentId("sign-up", owner_id),
        legs: [
          { paths: [{ from: system.giftIssuance, to: id }], amount: settings.signUpCoins, kind: "sign_up" as const },
        ],
      }));
    if (grants.length > 0 && settings.signUpCoins > 0) await post(tx, grants, now());
  }

  async function open(userIds: readonly Id[]): Promise<Map<Id, store.Accounts>> {
    const accounts = await store.accountsOf(db, userIds);
    const missing = userIds.filter((id) => !accounts.has(id));
    if (missing.length === 0) return accounts;
    await db.tx((tx) => openIn(tx, missing));
    return store.accountsOf(db, userIds);
  }

  async function accountsOf(userId: Id): Promise<store.Accounts> {
    const accounts = (await open([userId])).get(userId);
    if (!accounts) throw BadToken({});
    return accounts;
  }

  async function walletOf(userId: Id, reader: Db = db) {
    const { giftCoins, coins, ...earned } = await store.balancesOf(reader, userId);
    return { balance: giftCoins + coins, giftBalance: giftCoins, ...earned };
  }

  return {
    open,
    openIn,
    accountsOf,
    walletOf,

    handlers: {
      async wallet(_: object, call: Call) {
        await accountsOf(callerOf(call));
        return walletOf(callerOf(call));
      },

      async statement(page: PageInput, call: Call) {
        await accountsOf(callerOf(call));
        return store.statement(db, callerOf(call), page);
      },
    },
  };
}
