import { sql } from "kysely";
import type { Reader, Tx } from "../transaction.ts";
import type { Id } from "../../fields.ts";
import { clockMs, kernel, type KernelTables } from "../tables.ts";

/** How long a claim stands without a renewal; a crashed process holds up its repeats no longer than this. */
export const claimMs = 15_000;

export interface CommandKey {
  readonly userId: Id;
  /** `<service>.<method>`. */
  readonly method: string;
  readonly key: string;
}

/** The right to run a command under its key, until another process claims it with a higher fence. */
export interface Claim extends CommandKey {
  readonly fence: number;
}

type ClaimOutcome =
  | { readonly kind: "claimed"; readonly claim: Claim }
  | { readonly kind: "answered"; readonly answer: object }
  | { readonly kind: "busy" }
  | { readonly kind: "reused" };

/**
 * Losing one of these commits in a power cut loses no acknowledged write. A claim is durable with the transaction of
 * its command. An answer is stored apart only for a command that may be repeated.
 */
const withoutFlush = sql`flush AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;

/** Claims a key for `claimMs`, or says why that cannot be done now. */
export async function claim(
  db: Reader<KernelTables>,
  { userId, method, key }: CommandKey,
  bodyHash: string,
  owner: string,
): Promise<ClaimOutcome> {
  const state = await stateOf(db, { userId, method, key }, bodyHash);
  if (state !== "free") return state;
  const { rows } = await sql<{ fence: number }>`
    WITH ${withoutFlush}
    INSERT INTO ${kernel.idempotency} AS claimed (user_id, method, key, body_hash, fence, lease_owner, lease_until_ms)
    SELECT ${userId}::bigint, ${method}, ${key}, ${bodyHash}, ${clockMs}, ${owner}, ${clockMs} + ${claimMs}::bigint FROM flush
    ON CONFLICT (user_id, method, key) DO UPDATE
      SET fence = greatest(claimed.fence + 1, excluded.fence), lease_owner = excluded.lease_owner,
          lease_until_ms = excluded.lease_until_ms
      WHERE claimed.answer IS NULL AND claimed.body_hash = excluded.body_hash AND claimed.lease_until_ms < ${clockMs}
    RETURNING fence`.execute(db);
  const [row] = rows;
  if (row) return { kind: "claimed", claim: { userId, method, key, ...row } };
  return { kind: "busy" };
}

/** The state that a repeat finds; a look is cheaper than a claim, and changes nothing. */
async function stateOf(
  db: Reader<KernelTables>,
  { userId, method, key }: CommandKey,
  bodyHash: string,
): Promise<ClaimOutcome | "free"> {
  const stored = await db
    .selectFrom("idempotency")
    .select(["body_hash", "answer", sql<boolean>`lease_until_ms >= ${clockMs}`.as("isLeased")])
    .where((e) => e.and({ user_id: userId, method, key }))
    .executeTakeFirst();
  if (!stored) return "free";
  if (stored.body_hash !== bodyHash) return { kind: "reused" };
  if (stored.answer !== null) return { kind: "answered", answer: JSON.parse(stored.answer) as object };
  return stored.isLeased ? { kind: "busy" } : "free";
}

/** Stores the answer that repeats are given. Losing that of a repeatable command in a power cut costs its repetition. */
export async function storeAnswer(
  db: Reader<KernelTables>,
  claimed: Claim,
  answer: object,
  isRepeatable: boolean,
): Promise<void> {
  const setting = isRepeatable ? withoutFlush : sql`flush AS (SELECT 1)`;
  await sql`
    WITH ${setting}
    UPDATE ${kernel.idempotency} SET answer = ${JSON.stringify(answer)}, lease_owner = NULL FROM flush
    WHERE ${isHeld(claimed)}`.execute(db);
}

/** Stores the answer with the change it describes; yields false where the claim is another process's by now. */
export async function storeAnswerWith(tx: Tx<KernelTables>, claimed: Claim, answer: object): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE ${kernel.idempotency} SET answer = ${JSON.stringify(answer)}, lease_owner = NULL
    WHERE ${isHeld(claimed)}`.execute(tx);
  return numAffectedRows === 1n;
}

export async function renew(db: Reader<KernelTables>, claimed: Claim): Promise<void> {
  await sql`
    WITH ${withoutFlush}
    UPDATE ${kernel.idempotency} SET lease_until_ms = ${clockMs} + ${claimMs}::bigint FROM flush
    WHERE ${isHeld(claimed)}`.execute(db);
}

/** After a failure: nothing is left, and the command can be tried again. */
export async function release(db: Reader<KernelTables>, claimed: Claim): Promise<void> {
  await sql`DELETE FROM ${kernel.idempotency} WHERE ${isHeld(claimed)}`.execute(db);
}

/** Ends the claims that a crashed process of this name still holds. */
export async function releaseClaims(db: Reader<KernelTables>, owner: string): Promise<void> {
  await sql`UPDATE ${kernel.idempotency} SET lease_until_ms = 0 WHERE lease_owner = ${owner} AND answer IS NULL`.execute(
    db,
  );
}

const isHeld = ({ userId, method, key, fence }: Claim) =>
  sql<boolean>`user_id = ${userId} AND method = ${method} AND key = ${key} AND fence = ${fence} AND answer IS NULL`;
