import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { newKey, rotationDelayMs, sealAnew } from "./keyring.ts";
import type { Sealing } from "./sealing.ts";
import * as store from "./store.ts";

interface Place {
  readonly db: Db<KernelTables>;
  readonly service: string;
  readonly sealing: Sealing;
}

/**
 * Gives a key a new value, which signs in a minute, when every process has read it. Signatures of the value before it
 * stay valid until the next rotation.
 *
 * @returns milliseconds until the new value signs. A rotation that is under way is not repeated.
 */
export const rotate = (
  { db, service, sealing }: Place,
  name: string,
  delayMs: number = rotationDelayMs,
): Promise<number> => rotateOlderThan({ db, service, sealing }, name, { ageMs: 0, delayMs });

/** As {@link rotate}, of a key whose latest value is older than `ageMs`; a younger one stays. */
export const rotateOlderThan = (
  { db, service, sealing }: Place,
  name: string,
  { ageMs, delayMs = rotationDelayMs }: { readonly ageMs: number; readonly delayMs?: number },
): Promise<number> =>
  db.tx(async (tx) => {
    const now = await store.lock(tx, name);
    const [latest, ...older] = (await store.list(tx)).filter((row) => row.name === name);
    if (latest !== undefined && latest.startsInMs > -ageMs) return latest.startsInMs;
    await store.insert(tx, newKey({ service, sealing }, name, now + delayMs));
    if (latest !== undefined && older.length > 0) await store.removeBefore(tx, name, latest.startsAtMs);
    return delayMs;
  });

/** Seals the values of a key with the first secret, so that the one before it is not needed. @throws SealedElsewhere */
export const reseal = (place: Place, name: string): Promise<void> =>
  place.db.tx(async (tx) => {
    await store.lock(tx, name);
    const rows = (await store.list(tx)).filter((row) => row.name === name);
    for (const row of rows) await store.replaceSealed(tx, row, sealAnew(place, row));
  });

/** Replaces a key that has become known, or cannot be opened: whatever it signed is void. */
export const renew = ({ db, service, sealing }: Place, name: string): Promise<void> =>
  db.tx(async (tx) => {
    const now = await store.lock(tx, name);
    await store.removeBefore(tx, name, Number.MAX_SAFE_INTEGER);
    await store.insert(tx, newKey({ service, sealing }, name, now));
  });
