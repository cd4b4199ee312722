import type { KinoraError } from "#kernel";
import type { Resource } from "../can.ts";
import { hasTerm } from "../gate.ts";
import { GateMissing, GatePasswordMissing } from "./failures.ts";
import { Gate, type Teaser, treeOf } from "./fields.ts";

/** The password, the gate and the teaser that protect a thing beside its visibility. */
export interface Protection {
  readonly passwordHash: string | null;
  readonly gate: Gate | null;
  readonly teaser: Teaser;
}
const unprotected: Protection = { passwordHash: null, gate: null, teaser: "none" };

interface Protected {
  readonly visibility: Resource["visibility"];
  /** The fields of a request; an absent one stays, unless the visibility changes. */
  readonly named: { readonly [Name in keyof Protection]?: NonNullable<Protection[Name]> | undefined };
  /** The thing as it is; absent for a new one. */
  readonly before?: Protection & { readonly visibility: Resource["visibility"] };
  /** The failure of a thing with the visibility `password` and without one. */
  readonly passwordMissing: () => KinoraError;
}

/**
 * The protection that goes with a visibility: `password` needs a password, `gated` a gate, and a gate may have a password
 * among its terms. No other visibility has any. Pure.
 * @throws passwordMissing, GateMissing, GatePasswordMissing
 */
export function protectionFor({ visibility, named, before, passwordMissing }: Protected): Protection {
  const former = before?.visibility === visibility ? before : unprotected;
  const passwordHash = named.passwordHash ?? former.passwordHash;
  if (visibility === "password") {
    if (passwordHash === null) throw passwordMissing();
    return { ...unprotected, passwordHash };
  }
  if (visibility !== "gated") return unprotected;
  const gate = named.gate ?? former.gate;
  const teaser = named.teaser ?? former.teaser;
  if (gate === null) throw GateMissing({});
  if (!hasTerm(treeOf(gate), "password")) return { passwordHash: null, gate, teaser };
  if (passwordHash === null) throw GatePasswordMissing({});
  return { passwordHash, gate, teaser };
}

/** The text of a gate in the table, with its fields in the order of the schema. */
export const gateText = (gate: Gate | null): string | null => gate && JSON.stringify(Gate.parse(gate));

/** The protection of a thing as columns of its row. Pure. */
export const protectionColumns = ({ passwordHash, gate, teaser }: Protection) => ({
  password_hash: passwordHash,
  gate: gateText(gate),
  teaser,
});
