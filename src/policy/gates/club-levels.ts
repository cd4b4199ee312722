import { userDeleted } from "#events/auth";
import { clubLevelChanged } from "#events/live";
import { type Id, on, type Reader } from "#kernel";
import type { LocalCopy } from "#kernel/host/local-copy";
import { schemaOf } from "#kernel/db/tables";
import { sql } from "kysely";
import { isDeletedUserSql } from "../copies/deleted-users.ts";

const levels = sql.table("own.club_levels");

/** The levels of members in fan clubs, in a service that decides by them. It needs `deletedUsers` beside it. */
export const clubLevels: LocalCopy = {
  table: "club_levels",
  migrations: (schema) => [
    `CREATE TABLE ${schemaOf(schema)}.club_levels (
       user_id  BIGINT  NOT NULL,
       owner_id BIGINT  NOT NULL,
       level    INTEGER NOT NULL CHECK (level > 0),
       PRIMARY KEY (user_id, owner_id)
     );
     CREATE INDEX club_levels_of_owner ON ${schemaOf(schema)}.club_levels (owner_id)`,
  ],
  methods: {},
  handlers: () => ({}),
  subscriptions: () => [
    on(clubLevelChanged, async (tx, { ownerId, userId, level }) => {
      if (level === 0) await sql`DELETE FROM ${levels} WHERE user_id = ${userId} AND owner_id = ${ownerId}`.execute(tx);
      else
        await sql`INSERT INTO ${levels} (user_id, owner_id, level)
          SELECT ${userId}::bigint, ${ownerId}::bigint, ${level}::int WHERE NOT ${isDeletedUserSql}(${userId})
          ON CONFLICT (user_id, owner_id) DO UPDATE SET level = excluded.level`.execute(tx);
    }),
    on(userDeleted, async (tx, { userId }) => {
      await sql`DELETE FROM ${levels} WHERE user_id = ${userId} OR owner_id = ${userId}`.execute(tx);
    }),
  ],
};

/** The levels of a user in the clubs of these owners. */
export async function levelsOf<T>(reader: Reader<T>, userId: Id, ownerIds: readonly Id[]): Promise<Map<Id, number>> {
  const { rows } = await sql<{ ownerId: Id; level: number }>`
    SELECT owner_id AS "ownerId", level FROM ${levels}
    WHERE user_id = ${userId} AND owner_id = ANY(${[...ownerIds]}::bigint[])`.execute(reader);
  return new Map(rows.map(({ ownerId, level }) => [ownerId, level]));
}
