import { userDeleted } from "#events/auth";
import { gateGranted, gateRevoked } from "#events/gate";
import { answeredByHost, command, type Id, on, type Reader, type Tx } from "#kernel";
import type { LocalCopy } from "#kernel/host/local-copy";
import { schemaOf } from "#kernel/db/tables";
import { sql } from "kysely";
import { z } from "zod";
import { isDeletedUserSql } from "../copies/deleted-users.ts";
import { gateGrant, type GateKind } from "./fields.ts";

const grants = sql.table("own.gate_grants");
const Grant = z.object({ ...gateGrant, version: z.int(), isGranted: z.boolean() });
type Grant = z.output<typeof Grant>;

const put = <T>(tx: Tx<T>, { kind, thingId, userId, reason, untilMs, version, isGranted }: Grant) =>
  sql`INSERT INTO ${grants} AS kept (kind, thing_id, user_id, reason, until_ms, version, is_granted)
      SELECT ${kind}, ${thingId}::bigint, ${userId}::bigint, ${reason}, ${untilMs}::bigint, ${version}::bigint, ${isGranted}::boolean
      WHERE NOT ${isDeletedUserSql}(${userId})
      ON CONFLICT (thing_id, user_id, kind, reason) DO UPDATE
        SET until_ms = excluded.until_ms, version = excluded.version, is_granted = excluded.is_granted
        WHERE kept.version < excluded.version`.execute(tx);

/** The same as the event, at once, so that who was just admitted does not wait for it. */
const putGrant = answeredByHost(command({ auth: "service", idempotent: true, input: Grant, output: z.object({}) }));

/**
 * The viewers who were invited to things or paid for them, in a service that decides who opens these things. It needs
 * `deletedUsers` beside it. Rows of deleted things stay: their ids are not given again.
 */
export const gateGrants: LocalCopy<{ putGrant: typeof putGrant }> = {
  table: "gate_grants",
  migrations: (schema) => [
    `CREATE TABLE ${schemaOf(schema)}.gate_grants (
       kind       TEXT    NOT NULL,
       thing_id   BIGINT  NOT NULL,
       user_id    BIGINT  NOT NULL,
       reason     TEXT    NOT NULL CHECK (reason IN ('invited', 'paid')),
       until_ms   BIGINT,
       version    BIGINT  NOT NULL,
       is_granted BOOLEAN NOT NULL,
       PRIMARY KEY (thing_id, user_id, kind, reason)
     );
     CREATE INDEX gate_grants_of_user ON ${schemaOf(schema)}.gate_grants (user_id)`,
  ],
  methods: { putGrant },
  handlers: (db) => ({
    async putGrant(grant: Grant) {
      await db.tx((tx) => put(tx, grant));
      return {};
    },
  }),
  subscriptions: () => [
    on(gateGranted, async (tx, grant) => void (await put(tx, { ...grant, isGranted: true }))),
    on(gateRevoked, async (tx, grant) => void (await put(tx, { ...grant, untilMs: null, isGranted: false }))),
    on(userDeleted, async (tx, { userId }) => {
      await sql`DELETE FROM ${grants} WHERE user_id = ${userId}`.execute(tx);
    }),
  ],
};

export interface GrantRow {
  readonly thingId: Id;
  readonly reason: "invited" | "paid";
  readonly untilMs: number | null;
}

/** The grants of a viewer for these things that stand now. */
export async function grantsOf<T>(
  reader: Reader<T>,
  { kind, thingIds, userId, nowMs }: { kind: GateKind; thingIds: readonly Id[]; userId: Id; nowMs: number },
): Promise<GrantRow[]> {
  const { rows } = await sql<GrantRow>`
    SELECT thing_id AS "thingId", reason, until_ms AS "untilMs" FROM ${grants}
    WHERE thing_id = ANY(${[...thingIds]}::bigint[]) AND user_id = ${userId} AND kind = ${kind} AND is_granted
      AND (until_ms IS NULL OR until_ms > ${nowMs})`.execute(reader);
  return rows;
}
