import { event, Id, Instant } from "#kernel";
import { z } from "zod";

const thing = { kind: z.enum(["video", "live", "playlist", "share"]), thingId: Id };
const grant = { ...thing, userId: Id, reason: z.enum(["invited", "paid"]) };

/** A viewer was invited to a thing, or paid for it; `untilMs` is the end of a rental. */
export const gateGranted = event(
  "gate.granted.v1",
  z.object({ ...grant, untilMs: Instant.nullable(), version: z.int() }),
);

/** The viewer is not invited any more, or has their coins back. `version` is that of the grant or a later one. */
export const gateRevoked = event("gate.revoked.v1", z.object({ ...grant, version: z.int() }));

/** The gate of a thing has changed; earlier generations of its addresses are void. */
export const gateChanged = event("gate.changed.v1", z.object({ ...thing, generation: z.int() }));

/** A viewer opened a thing for the first time by a term. */
export const gateOpened = event("gate.opened.v1", z.object({ ...thing, userId: Id, term: z.string() }));
