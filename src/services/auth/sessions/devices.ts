import type { Call, Id, Tx } from "#kernel";
import type { Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import * as deviceStore from "./device-store.ts";

const dayMs = 24 * 3_600_000;
/** A browser has a cookie for so long; a client without cookies is known by its user agent for a shorter time. */
const knownMs = { browser: 365 * dayMs, agent: 30 * dayMs };

/** True if the account signed in from other devices before, and not from this one; the device is known from now on. */
export async function isNewDevice(
  tx: Tx<Tables>,
  userId: Id,
  { device, agent = "" }: Pick<Call, "device" | "agent">,
  nowMs: number,
): Promise<boolean> {
  const name = device === undefined ? `agent ${agent}` : `browser ${device}`;
  const endsAtMs = nowMs + (device === undefined ? knownMs.agent : knownMs.browser);
  const { isKnown, hasOthers } = await deviceStore.store(tx, { userId, hash: hashSecret(name), endsAtMs, nowMs });
  return !isKnown && hasOthers;
}
