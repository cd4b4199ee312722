import { anyOf, type Id, type Tx } from "#kernel";
import type { Db, Tables } from "../store.ts";

const columns = [
  "id",
  "user_id as userId",
  "namespace",
  "address",
  "chain_id as chainId",
  "name",
  "is_public as isPublic",
  "linked_at_ms as linkedAtMs",
] as const;

/** A wallet is known by these: `chainId` is null for a key. */
export interface WalletIdentity {
  readonly namespace: "eip155" | "solana";
  readonly address: string;
  readonly chainId: number | null;
}

export interface WalletRow extends WalletIdentity {
  readonly id: Id;
  readonly userId: Id;
  readonly name: string;
  readonly isPublic: boolean;
  readonly linkedAtMs: number;
}

/** The wallets of these accounts, the first linked first. */
export const ofUsers = (db: Db, userIds: readonly Id[]): Promise<WalletRow[]> =>
  db
    .selectFrom("auth.wallets as wallets")
    .select(columns)
    .where("user_id", "=", anyOf(userIds))
    .orderBy("id")
    .execute();

export const byIdentity = (db: Db, { namespace, address, chainId }: WalletIdentity): Promise<WalletRow | undefined> =>
  db
    .selectFrom("auth.wallets as wallets")
    .select(columns)
    .where("namespace", "=", namespace)
    .where("address", "=", address)
    .where("chain_id", chainId === null ? "is" : "=", chainId)
    .executeTakeFirst();

/** Links a wallet; false where an account has it. */
export async function insert(tx: Tx<Tables>, row: WalletRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("auth.wallets")
    .values({
      id: row.id,
      user_id: row.userId,
      namespace: row.namespace,
      address: row.address,
      chain_id: row.chainId,
      name: row.name,
      is_public: row.isPublic,
      linked_at_ms: row.linkedAtMs,
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export const change = (
  tx: Tx<Tables>,
  userId: Id,
  id: Id,
  changes: { readonly name?: string | undefined; readonly isPublic?: boolean | undefined },
): Promise<WalletRow | undefined> =>
  tx
    .updateTable("auth.wallets as wallets")
    .set((e) => ({ name: changes.name ?? e.ref("name"), is_public: changes.isPublic ?? e.ref("is_public") }))
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .returning(columns)
    .executeTakeFirst();

/** Removes a wallet; false where the account has no such one. */
export async function remove(tx: Tx<Tables>, userId: Id, id: Id): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("auth.wallets as wallets")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}
