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
