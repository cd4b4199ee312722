import { Instant } from "#kernel";
import { z } from "zod";

/** A user of a provider that signs in to an account. */
export const LinkedProvider = z
  .object({
    /** The id of the provider. */
    id: z.string(),
    name: z.string(),
    /** The name of the user there, for the owner of the account. */
    subjectHint: z.string(),
    linkedAtMs: Instant,
  })
  .meta({ id: "LinkedProvider" });
export type LinkedProvider = z.output<typeof LinkedProvider>;
