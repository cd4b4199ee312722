import { userBanned, userMuted, userUnbanned, userUnmuted } from "#events/moderation";
import { userDeleted } from "#events/auth";
import {
  answeredByHost,
  type Db,
  failure,
  Gather,
  Id,
  inOrderOf,
  Instant,
  on,
  query,
  type Reader,
  type Tx,
} from "#kernel";
import { schemaOf } from "#kernel/db/tables";
import type { LocalCopy } from "#kernel/host/local-copy";
import { sql } from "kysely";
import { z } from "zod";
import { isDeletedUserSql } from "./deleted-users.ts";

/** Thrown where a muted or banned account posts. */
export const Muted = failure(
  "denied",
  "moderation.muted",
  "a moderator has asked you to be quiet for now",
  z.object({ untilMs: Instant.optional(), reason: z.string().optional() }),
);

type Kind = "mute" | "bar";
interface Restriction {
  readonly userId: Id;
  readonly untilMs: number | null;
  readonly reason: string;
}

const muted = sql.table("own.muted");

const store = <T>(tx: Tx<T>, kind: Kind, { userId, untilMs, reason }: Restriction) =>
  sql`INSERT INTO ${muted} (user_id, kind, until_ms, reason)
      SELECT ${userId}::bigint, ${kind}, ${untilMs}::bigint, ${reason} WHERE NOT ${isDeletedUserSql}(${userId})
      ON CONFLICT (user_id, kind) DO UPDATE SET until_ms = excluded.until_ms, reason = excluded.reason`.execute(tx);
const remove = <T>(tx: Tx<T>, kind: Kind, userId: Id) =>
  sql`DELETE FROM ${muted} WHERE user_id = ${userId} AND kind = ${kind}`.execute(tx);

/** The copy, for moderation to compare: all rows of at most so many accounts after this one. */
const mutedUsers = answeredByHost(
  query({
    auth: "service",
    input: z.object({ after: z.int().nonnegative().default(0), limit: z.int().min(1).max(1_000) }),
    output: z.object({
      items: z.array(
        z.object({ userId: Id, kind: z.enum(["mute", "bar"]), untilMs: Instant.nullable(), reason: z.string() }),
      ),
    }),
  }),
);
async function mutedAfter<T>(db: Reader<T>, { after, limit }: { readonly after: number; readonly limit: number }) {
  const { rows } = await sql<Restriction & { readonly kind: Kind }>`
    SELECT user_id AS "userId", kind, until_ms AS "untilMs", reason FROM ${muted}
    WHERE user_id IN (SELECT DISTINCT user_id FROM ${muted} WHERE user_id > ${after} ORDER BY user_id LIMIT ${limit})
    ORDER BY user_id, kind`.execute(db);
  return { items: rows };
}

/**
 * The accounts that may not post, in a service that decides so without asking another. It needs `deletedUsers` beside it.
 * Sessions of a banned account end within seconds; until then it does not post either.
 */
export const mutes: LocalCopy<{ mutedUsers: typeof mutedUsers }> = {
  table: "muted",
  migrations: (schema) => [
    `CREATE TABLE ${schemaOf(schema)}.muted (
       user_id  BIGINT NOT NULL,
       kind     TEXT   NOT NULL CHECK (kind IN ('mute', 'bar')),
       until_ms BIGINT,
       reason   TEXT   NOT NULL,
       PRIMARY KEY (user_id, kind)
     )`,
  ],
  methods: { mutedUsers },
  handlers: (db) => ({ mutedUsers: (input: z.output<typeof mutedUsers.input>) => mutedAfter(db, input) }),
  subscriptions: () => [
    on(userMuted, async (tx, restriction) => void (await store(tx, "mute", restriction))),
    on(userUnmuted, async (tx, { userId }) => void (await remove(tx, "mute", userId))),
    on(userBanned, async (tx, restriction) => void (await store(tx, "bar", restriction))),
    on(userUnbanned, async (tx, { userId }) => void (await remove(tx, "bar", userId))),
    on(userDeleted, async (tx, { userId }) => {
      await sql`DELETE FROM ${muted} WHERE user_id = ${userId}`.execute(tx);
    }),
  ],
};

/** A restriction in force for each of these accounts that has one, in their order. */
async function restrictionsOf<T>(db: Reader<T>, userIds: readonly Id[], nowMs: number) {
  const { rows } = await sql<Restriction>`
    SELECT DISTINCT ON (user_id) user_id AS "userId", until_ms AS "untilMs", reason FROM ${muted}
    WHERE user_id = ANY(${[...userIds]}::bigint[]) AND (until_ms IS NULL OR until_ms > ${nowMs})
    ORDER BY user_id, kind`.execute(db);
  return inOrderOf(userIds, rows, ({ userId }) => userId);
}

/** @throws Muted where there is one */
function refuse(restriction: Restriction | undefined): void {
  if (!restriction) return;
  const { reason, untilMs } = restriction;
  throw Muted({ reason, ...(untilMs !== null && { untilMs }) });
}

/** For a service that has the copy {@link mutes}. @throws Muted where the account may not post */
export async function mustNotBeMuted<T>(db: Reader<T>, userId: Id, nowMs: number): Promise<void> {
  const [restriction] = await restrictionsOf(db, [userId], nowMs);
  refuse(restriction);
}

/** @throws Muted where the account may not post */
export type MuteCheck = (userId: Id) => Promise<void>;

/** As {@link mustNotBeMuted}, where many post: one statement for all of a turn. */
export function createMuteCheck<T>(db: Db<T>, now: () => number): MuteCheck {
  const restrictions = new Gather(db, (reader: Reader<T>, userIds: readonly Id[]) =>
    restrictionsOf(reader, userIds, now()),
  );
  return async (userId) => refuse(await restrictions.get(userId));
}
