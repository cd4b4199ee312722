import { userDeleted, userErased } from "#events/auth";
import { type Emit, Id, type JobKind, job, on, type Subscription, type Tx } from "#kernel";
import type { LocalCopy } from "#kernel/host/local-copy";
import { schemaOf } from "#kernel/db/tables";
import { sql } from "kysely";
import { z } from "zod";

/** Consumes the deletion of an account: what `forget` does and the confirmation are one transaction. */
export const erase = <T>(
  service: string,
  emit: Emit,
  forget: (tx: Tx<T>, deleted: z.output<typeof userDeleted.payload>) => Promise<unknown>,
): Subscription<T> =>
  on(userDeleted, async (tx: Tx<T>, deleted) => {
    await forget(tx, deleted);
    await emit(tx, userErased, deleted.userId, { userId: deleted.userId, service });
  });

/** The job `forget` of a service where a user may have more than one transaction deletes: in steps that delay no other. */
export const forgetJob = <T>(
  service: string,
  emit: Emit,
  /** Deletes some and yields how many. */
  deleteSome: (tx: Tx<T>, userId: Id) => Promise<number>,
): JobKind =>
  job<{ readonly userId: Id }>({
    kind: "forget",
    concurrency: 1,
    attemptsMax: 20,
    leaseMs: 30_000,
    async run(running) {
      const { userId } = running.payload;
      const deleted = { count: 1 };
      while (deleted.count > 0)
        await running.step(async (tx: Tx<T>) => {
          deleted.count = await deleteSome(tx, userId);
        });
      // The receipt is sent when nothing is left.
      await running.finish((tx: Tx<T>) => emit(tx, userErased, userId, { userId, service }));
    },
  });

/** As {@link isDeletedUser}, for a statement that does more. */
export const isDeletedUserSql = sql.table("own.is_deleted_user");
const deletedAmongSql = sql.table("own.deleted_among");
const markDeletedUserSql = sql.table("own.mark_deleted_user");

/**
 * Tombstones: the numbers of deleted accounts, so that nothing of theirs is stored again. In PL/pgSQL the second statement sees
 * what was committed while the first waited; in one statement of SQL it would not.
 */
const migrations = (schema: string) => [
  `CREATE TABLE ${schemaOf(schema)}.deleted_users (
     user_id       BIGINT PRIMARY KEY,
     deleted_at_ms BIGINT NOT NULL
   );
   CREATE FUNCTION ${schemaOf(schema)}.is_deleted_user(account BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql VOLATILE AS
     $$ BEGIN
       PERFORM pg_advisory_xact_lock_shared(hashtextextended('${schema}.deleted_users', account));
       RETURN EXISTS (SELECT FROM ${schemaOf(schema)}.deleted_users WHERE user_id = account);
     END $$;
   CREATE FUNCTION ${schemaOf(schema)}.mark_deleted_user(account BIGINT, at_ms BIGINT) RETURNS VOID LANGUAGE plpgsql AS
     $$ BEGIN
       PERFORM pg_advisory_xact_lock(hashtextextended('${schema}.deleted_users', account));
       INSERT INTO ${schemaOf(schema)}.deleted_users (user_id, deleted_at_ms) VALUES (account, at_ms) ON CONFLICT DO NOTHING;
     END $$`,
  // One call for the accounts of a batch, where one for each would cost as much as a statement.
  `CREATE FUNCTION ${schemaOf(schema)}.deleted_among(accounts BIGINT[]) RETURNS SETOF BIGINT LANGUAGE plpgsql VOLATILE AS
     $$ BEGIN
       PERFORM pg_advisory_xact_lock_shared(hashtextextended('${schema}.deleted_users', account)) FROM unnest(accounts) AS account;
       RETURN QUERY SELECT user_id FROM ${schemaOf(schema)}.deleted_users WHERE user_id = ANY(accounts);
     END $$`,
];

/**
 * The mark is set before the service deletes, in its transaction, so that rows written at the same time are deleted
 * too.
 */
export const deletedUsers: LocalCopy = {
  table: "deleted_users",
  migrations,
  methods: {},
  handlers: () => ({}),
  subscriptions: ({ now }) => [on(userDeleted, (tx, { userId }) => markDeletedUser(tx, userId, now()))],
};

/** Nothing of the account is stored after the commit; rows stored before it are there to be deleted. */
export async function markDeletedUser<T>(tx: Tx<T>, userId: Id, nowMs: number): Promise<void> {
  await sql`SELECT ${markDeletedUserSql}(${userId}, ${nowMs})`.execute(tx);
}

/**
 * True if an account is deleted. It is called in the transaction that stores something of the account, before any lock.
 * An existing account stays until that transaction ends; its deletion waits, and finds the rows.
 */
export async function isDeletedUser<T>(tx: Tx<T>, userId: Id): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`SELECT ${isDeletedUserSql}(${userId}) AS is`.execute(tx);
  return rows[0]?.is === true;
}

/** The deleted accounts among many, by the rule of {@link isDeletedUser}. */
export async function deletedAmong<T>(tx: Tx<T>, userIds: readonly Id[]): Promise<ReadonlySet<Id>> {
  const { rows } = await sql<{ id: Id }>`
    SELECT id FROM ${deletedAmongSql}(${[...new Set(userIds)]}::bigint[]) AS one (id)`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}
