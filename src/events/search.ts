import { Id, Instant, event } from "#kernel";
import { z } from "zod";

/** A search was performed; `results` counts to 1,001. */
export const searchPerformed = event(
  "search.performed.v1",
  z.object({ userId: Id.optional(), keyword: z.string(), results: z.int(), atMs: Instant }),
);
