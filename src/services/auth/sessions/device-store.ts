import type { Id, Tx } from "#kernel";
import type { Tables } from "../store.ts";

interface Device {
  readonly userId: Id;
  readonly hash: string;
  readonly endsAtMs: number;
  readonly nowMs: number;
}

/** Stores a device of an account, or its later end; yields whether the account had it before, or others. */
export async function store(
  tx: Tx<Tables>,
  { userId, hash, endsAtMs, nowMs }: Device,
): Promise<{ readonly isKnown: boolean; readonly hasOthers: boolean }> {
  const devices = await tx
    .selectFrom("auth.devices as devices")
    .select("device_hash as hash")
    .where("user_id", "=", userId)
    .where("ends_at_ms", ">", nowMs)
    .execute();
  await tx
    .insertInto("auth.devices")
    .values({ user_id: userId, device_hash: hash, ends_at_ms: endsAtMs })
    .onConflict((c) => c.columns(["user_id", "device_hash"]).doUpdateSet({ ends_at_ms: endsAtMs }))
    .execute();
  const isKnown = devices.some((device) => device.hash === hash);
  return { isKnown, hasOthers: devices.length > (isKnown ? 1 : 0) };
}

export const forgetDevices = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.devices as devices").where("ends_at_ms", "<", beforeMs).execute();
