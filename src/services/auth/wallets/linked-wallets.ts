import { walletLinked, walletUnlinked } from "#events/auth";
import { type Call, callerOf, type Handlers, type Host, type Id, type Tx } from "#kernel";
import * as accountStore from "../account-store.ts";
import type { Alerts } from "../alerts/alerts.ts";
import { recordAct } from "../audit.ts";
import { type auth, LastWayIn, TooManyTokens, WalletNotFound, WalletTaken } from "../contract.ts";
import type { Tables } from "../store.ts";
import { shortAddress, shownAddress } from "./addresses.ts";
import type { LinkedWallet } from "./contract.ts";
import * as walletStore from "./wallet-store.ts";

const walletsMax = 10;

interface Parts {
  readonly alerts: Pick<Alerts, "raise">;
  /** True if a sign-in to the account can begin. */
  readonly hasWayIn: (tx: Tx<Tables>, userId: Id) => Promise<boolean>;
}

/** Wallets of accounts: one wallet signs in to one account. */
export interface LinkedWallets {
  /** Links a wallet to an account that was just made; false where another account has it. */
  readonly add: (tx: Tx<Tables>, userId: Id, identity: walletStore.WalletIdentity) => Promise<boolean>;
  /** Links a wallet to the account of the caller, or yields it where it is linked. @throws WalletTaken, TooManyTokens */
  readonly link: (identity: walletStore.WalletIdentity, call: Call) => Promise<LinkedWallet>;
  readonly handlers: Pick<Handlers<typeof auth>, "wallets" | "changeWallet" | "unlinkWallet">;
}

export function createLinkedWallets(
  host: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now">,
  { alerts, hasWayIn }: Parts,
): LinkedWallets {
  const { db, emit, nextId, now } = host;

  async function store(tx: Tx<Tables>, userId: Id, identity: walletStore.WalletIdentity) {
    const { namespace, address } = identity;
    const name = shortAddress(namespace, address);
    const row = { ...identity, id: nextId(), userId, name, isPublic: false, linkedAtMs: now() };
    if (!(await walletStore.insert(tx, row))) return undefined;
    await emit(tx, walletLinked, userId, { userId, walletId: row.id, atMs: now() });
    await recordAct(host, tx, userId, "wallet.linked", { actorId: userId, detail: name });
    return row;
  }

  return {
    add: async (tx, userId, identity) => (await store(tx, userId, identity)) !== undefined,

    link(identity, call) {
      const userId = callerOf(call);
      return db.tx(async (tx) => {
        await accountStore.lockAccount(tx, userId);
        const existing = await walletStore.byIdentity(tx, identity);
        if (existing?.userId === userId) return presentWallet(existing);
        if (existing) throw WalletTaken({});
        if ((await walletStore.ofUsers(tx, [userId])).length >= walletsMax) throw TooManyTokens({});
        const row = await store(tx, userId, identity);
        if (row === undefined) throw WalletTaken({});
        await alerts.raise(tx, userId, "wallet_linked", call);
        return presentWallet(row);
      });
    },

    handlers: {
      async wallets(_, call) {
        return { items: (await walletStore.ofUsers(db, [callerOf(call)])).map(presentWallet) };
      },

      async changeWallet({ id, ...changes }, call) {
        const row = await db.tx((tx) => walletStore.change(tx, callerOf(call), id, changes));
        if (!row) throw WalletNotFound({});
        return presentWallet(row);
      },

      async unlinkWallet({ id }, call) {
        const userId = callerOf(call);
        await db.tx(async (tx) => {
          await accountStore.lockAccount(tx, userId);
          const rows = await walletStore.ofUsers(tx, [userId]);
          const row = rows.find((wallet) => wallet.id === id);
          if (!row) throw WalletNotFound({});
          await walletStore.remove(tx, userId, id);
          if (!(await hasWayIn(tx, userId))) throw LastWayIn({});
          await emit(tx, walletUnlinked, userId, { userId, walletId: id, atMs: now() });
          await recordAct(host, tx, userId, "wallet.unlinked", { actorId: userId, detail: row.name });
          await alerts.raise(tx, userId, "factor_changed", call);
        });
        return {};
      },
    },
  };
}

export function presentWallet(row: walletStore.WalletRow): LinkedWallet {
  const { id, namespace, address, chainId, name, isPublic, linkedAtMs } = row;
  const kind = chainId === null ? "key" : "contract";
  return { id, namespace, address: shownAddress(namespace, address), kind, chainId, name, isPublic, linkedAtMs };
}
