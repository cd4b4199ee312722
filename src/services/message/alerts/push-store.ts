import { createHash } from "node:crypto";
import { anyOf, type Id, type Sealing, type Tx } from "#kernel";
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

interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}
/** The place of the private key, by which it is sealed. */
const privateKeyPlace = "message.push_keys private_key";

/** The key pair of this instance. One from `make` is stored where there is none that the cluster secret opens. */
export async function keys(tx: Tx<Tables>, sealing: Sealing, make: () => KeyPair): Promise<KeyPair> {
  const read = async () => {
    const row = await tx.selectFrom("message.push_keys").selectAll().executeTakeFirst();
    const privateKey = row && sealing.open(row.private_key, privateKeyPlace);
    return { row, pair: row && privateKey !== undefined ? { publicKey: row.public_key, privateKey } : undefined };
  };
  const { row, pair } = await read();
  if (pair) return pair;
  const newPair = make();
  const values = { public_key: newPair.publicKey, private_key: sealing.seal(newPair.privateKey, privateKeyPlace) };
  await tx
    .insertInto("message.push_keys")
    .values(values)
    .onConflict((c) =>
      c
        .column("id")
        .doUpdateSet(values)
        .where("message.push_keys.private_key", "=", row?.private_key ?? ""),
    )
    .execute();
  // Another process may have been first.
  return (await read()).pair ?? newPair;
}
