import { sql } from "kysely";
import type { Id } from "#kernel/fields";
import type { Tx } from "#kernel/db/port";
import { kernel, schemaOf } from "#kernel/db/tables";

/**
 * Who is gone for good: numbers, kept so that nothing of theirs is written down any more. In PL/pgSQL the second statement
 * sees what was committed while the first waited; in one statement of SQL it would not.
 */
export const deletedUsersTable = (schema: string) => `CREATE TABLE ${schemaOf(schema)}.deleted_users (
     user_id       BIGINT PRIMARY KEY,
     deleted_at_ms BIGINT NOT NULL
   );
   CREATE FUNCTION ${schemaOf(schema)}.is_deleted_user(person BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql VOLATILE AS
     $$ BEGIN
       PERFORM pg_advisory_xact_lock_shared(hashtextextended('${schema}.deleted_users', person));
       RETURN EXISTS (SELECT FROM ${schemaOf(schema)}.deleted_users WHERE user_id = person);
     END $$;
   CREATE FUNCTION ${schemaOf(schema)}.mark_deleted_user(person BIGINT, at_ms BIGINT) RETURNS VOID LANGUAGE plpgsql AS
     $$ BEGIN
       PERFORM pg_advisory_xact_lock(hashtextextended('${schema}.deleted_users', person));
       INSERT INTO ${schemaOf(schema)}.deleted_users (user_id, deleted_at_ms) VALUES (person, at_ms) ON CONFLICT DO NOTHING;
     END $$`;

/**
 * Whether somebody is gone. Asked in the transaction that writes something of theirs, before it locks anything: who is
 * there now stays until it ends, and whoever forgets them waits for it and finds what it wrote.
 */
export async function isGone<T>(tx: Tx<T>, userId: Id): Promise<boolean> {
  const { rows } = await sql<{ isGone: boolean }>`SELECT ${kernel.isDeletedUser}(${userId}) AS "isGone"`.execute(tx);
  return rows[0]?.isGone === true;
}

/** As {@link isGone}, of many: those of them who are. */
export async function goneOf<T>(tx: Tx<T>, userIds: readonly Id[]): Promise<ReadonlySet<Id>> {
  const { rows } = await sql<{ id: Id }>`
    SELECT id FROM unnest(${[...new Set(userIds)]}::bigint[]) AS one (id) WHERE ${kernel.isDeletedUser}(id)`.execute(
    tx,
  );
  return new Set(rows.map(({ id }) => id));
}

/** From here on nothing of this person is written; what was being written is there to be forgotten. */
export async function markGone<T>(tx: Tx<T>, userId: Id, nowMs: number): Promise<void> {
  await sql`SELECT ${kernel.markDeletedUser}(${userId}, ${nowMs})`.execute(tx);
}
