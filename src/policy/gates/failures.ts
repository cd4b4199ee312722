import { failure, KinoraError } from "#kernel";
import { z } from "zod";
import { Gate, Teaser, TermView } from "./fields.ts";

/** The gate of the thing is closed for the caller; the details say what opens it. */
export const GateClosed = failure(
  "denied",
  "gate.closed",
  "this opens for those who meet its terms",
  z.object({ shown: z.object({ gate: Gate, terms: z.array(TermView), teaser: Teaser }) }),
);
/** `since`: when the chain answered last, or when it was first asked. */
export const ChainUnavailable = failure(
  "unavailable",
  "gate.chain_unavailable",
  "a chain cannot be asked right now, so nobody knows who holds what there",
  z.object({ shown: z.object({ chain_id: z.int(), chain: z.string().optional(), since: z.string().optional() }) }),
);
type SilentChain = z.output<typeof ChainUnavailable.details>["shown"];

/** The failure with a sentence that names the chain, where its name is known. */
export function chainUnavailable(shown: SilentChain): KinoraError {
  const plain = ChainUnavailable({ shown });
  const { kind, code, details, http } = plain;
  if (shown.chain === undefined) return plain;
  const message = `${shown.chain} cannot be asked right now, so nobody knows who holds what there`;
  return new KinoraError({ kind, code, message, details, http });
}

export const TooManyChecks = failure(
  "exhausted",
  "gate.too_many_checks",
  "this was asked too often, wait a little",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);
export const GateMissing = failure("invalid", "gate.missing", "say what opens it: `gated` needs a gate");
export const GatePasswordMissing = failure("invalid", "gate.password_missing", "choose the password of the gate");
export const RefundOver = failure(
  "conflict",
  "gate.refund_over",
  "coins are given back within 24 hours, and with less than a tenth watched",
);
