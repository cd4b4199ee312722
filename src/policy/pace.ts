import { failure } from "#kernel";
import { z } from "zod";

export const TooFast = failure(
  "exhausted",
  "moderation.too_fast",
  "new accounts say less a minute, wait a little",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);
