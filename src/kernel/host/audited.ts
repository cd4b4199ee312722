import { z } from "zod";
import { event } from "../contract.ts";
import { Id, Instant } from "../fields.ts";

/**
 * An act that matters for security (security S8.5): a log-in, a refused one, a change of role or visibility, a deletion.
 * Any service publishes it in the transaction of the act; moderation stores all of them and shows them to
 * administrators alone. It never contains a secret, an address or a user's text.
 */
export const audited = event(
  "audit.noted.v1",
  z.object({
    /** `<noun>.<verb-past>`, such as `session.opened`. */
    act: z.string().max(64),
    /** The acting user; absent for strangers and for acts of the platform itself. */
    actorId: Id.optional(),
    /** To whom or what. */
    subject: z.object({ kind: z.string().max(32), id: Id }).optional(),
    /** In a few words for administrators, such as from which role to which. */
    detail: z.string().max(500).optional(),
    atMs: Instant,
  }),
);
