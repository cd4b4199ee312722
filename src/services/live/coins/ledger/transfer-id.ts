import { createHash } from "node:crypto";

/** Transfers that one intent has at most: the last two digits of their ids number them. */
export const transfersMax = 16;

/** The id of what a key asks for: a UUID made of the key's hash, whose last two digits are zeros. */
export function intentId(...key: readonly (string | number)[]): string {
  const hash = createHash("sha256").update(JSON.stringify(key)).digest("hex");
  // Version 8 and the variant of RFC 9562.
  const [a, b, c, d, e] = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 15),
    hash.slice(15, 18),
    hash.slice(18, 28),
  ];
  return `${a}-${b}-8${c}-a${d}-${e}00`;
}

/** The id of the n-th transfer of an intent; that of the first is the intent's own. */
export const transferId = (intent: string, n: number): string =>
  `${intent.slice(0, -2)}${n.toString(16).padStart(2, "0")}`;

/** The intent that a transfer belongs to. */
export const intentOf = (transfer: string): string => transferId(transfer, 0);
