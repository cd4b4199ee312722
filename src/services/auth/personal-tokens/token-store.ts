import type { Id, Tx } from "#kernel";
import type { Scope } from "#kernel/scopes/scopes";
import type { Db, Tables } from "../store.ts";

const columns = [
  "id",
  "name",
  "scopes",
  "created_at_ms as createdAtMs",
  "used_at_ms as usedAtMs",
  "expires_at_ms as expiresAtMs",
] as const;
export interface TokenRow {
  readonly id: string;
  readonly name: string | null;
  readonly scopes: Scope[] | null;
  readonly createdAtMs: number;
  readonly usedAtMs: number;
  readonly expiresAtMs: number;
}

/** The tokens of an account that have not ended, the newest first. */
export const open = (db: Db, userId: Id, nowMs: number): Promise<TokenRow[]> =>
  db
    .selectFrom("auth.sessions as sessions")
    .select(columns)
    .where("user_id", "=", userId)
    .where("origin", "=", "personal")
    .where("ended_at_ms", "is", null)
    .where("expires_at_ms", ">", nowMs)
    .orderBy("created_at_ms", "desc")
    .orderBy("id")
    .execute();

interface NewRow extends TokenRow {
  readonly userId: Id;
  readonly agent: string;
  readonly tokenHash: string;
}

export const insert = (tx: Tx<Tables>, row: NewRow) =>
  tx
    .insertInto("auth.sessions")
    .values({
      id: row.id,
      user_id: row.userId,
      origin: "personal",
      refreshes: null,
      token_hash: row.tokenHash,
      created_at_ms: row.createdAtMs,
      used_at_ms: row.usedAtMs,
      expires_at_ms: row.expiresAtMs,
      agent: row.agent,
      methods: [],
      name: row.name,
      scopes: row.scopes,
    })
    .execute();

export const rename = (tx: Tx<Tables>, userId: Id, id: string, name: string): Promise<TokenRow | undefined> =>
  tx
    .updateTable("auth.sessions as sessions")
    .set({ name })
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .where("origin", "=", "personal")
    .where("ended_at_ms", "is", null)
    .returning(columns)
    .executeTakeFirst();

/** Ends a token, and the sessions that it opened; false where the account has no such token. */
export async function end(tx: Tx<Tables>, userId: Id, id: string, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("auth.sessions as sessions")
    .set({ ended_at_ms: nowMs })
    .where("user_id", "=", userId)
    .where((e) => e.or([e.and([e("id", "=", id), e("origin", "=", "personal")]), e("token_id", "=", id)]))
    .where("ended_at_ms", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
