import { createHash } from "node:crypto";
import { anyOf, type Id, type Tx } from "#kernel";
import type { Db, Tables } from "../store.ts";

/** A device that gets push messages, as its browser described it. */
export interface Device {
  readonly userId: Id;
  readonly sessionId: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

const hashOf = (endpoint: string): string => createHash("sha256").update(endpoint).digest("base64url");

/** Keeps a device; one that another account used on it before is replaced. */
export async function addDevice(tx: Tx<Tables>, device: Device, nowMs: number): Promise<void> {
  const { userId, sessionId, endpoint, p256dh, auth } = device;
  const row = { user_id: userId, session_id: sessionId, endpoint, p256dh, auth, created_at_ms: nowMs };
  await tx
    .insertInto("message.push_subscriptions")
    .values({ endpoint_hash: hashOf(endpoint), ...row })
    .onConflict((c) => c.column("endpoint_hash").doUpdateSet(row))
    .execute();
}

export const removeDevice = (tx: Tx<Tables>, userId: Id, endpoint: string) =>
  tx
    .deleteFrom("message.push_subscriptions")
    .where("endpoint_hash", "=", hashOf(endpoint))
    .where("user_id", "=", userId)
    .execute();

export const removeByHash = (tx: Tx<Tables>, endpointHash: string) =>
  tx.deleteFrom("message.push_subscriptions").where("endpoint_hash", "=", endpointHash).execute();

/** The devices of these users, as hashes of their endpoints. */
export const devicesOf = (db: Db, userIds: readonly Id[]): Promise<{ userId: Id; endpointHash: string }[]> =>
  db
    .selectFrom("message.push_subscriptions")
    .select(["user_id as userId", "endpoint_hash as endpointHash"])
    .where("user_id", "=", anyOf(userIds))
    .execute();

export const device = (db: Db, endpointHash: string): Promise<Device | undefined> =>
  db
    .selectFrom("message.push_subscriptions")
    .select(["user_id as userId", "session_id as sessionId", "endpoint", "p256dh", "auth"])
    .where("endpoint_hash", "=", endpointHash)
    .executeTakeFirst();

/** The groups among these that have an unread notification before a number. */
export async function openGroups(
  db: Db,
  userId: Id,
  groupIds: readonly Id[],
  beforeSeq: number,
): Promise<ReadonlySet<Id>> {
  const rows = await db
    .selectFrom("message.notifications")
    .select("group_id as groupId")
    .distinct()
    .where("user_id", "=", userId)
    .where("group_id", "=", anyOf(groupIds))
    .where("seq", "<", beforeSeq)
    .where("is_read", "=", false)
    .execute();
  return new Set(rows.map(({ groupId }) => groupId));
}

/** The key pair of this instance; `made` is stored where there is none yet. */
export async function keys(
  tx: Tx<Tables>,
  made: () => { publicKey: string; privateKey: string },
): Promise<{ publicKey: string; privateKey: string }> {
  const read = () =>
    tx
      .selectFrom("message.push_keys")
      .select(["public_key as publicKey", "private_key as privateKey"])
      .executeTakeFirst();
  const stored = await read();
  if (stored) return stored;
  const { publicKey, privateKey } = made();
  await tx
    .insertInto("message.push_keys")
    .values({ public_key: publicKey, private_key: privateKey })
    .onConflict((c) => c.doNothing())
    .execute();
  // Another process may have been first.
  return (await read()) ?? { publicKey, privateKey };
}
