import { Instant, query } from "#kernel";
import { z } from "zod";

/** The solution of a puzzle: the least number for which the hash of both begins with as many zero bits as it asks for. */
export const Work = z.object({ puzzle: z.string().max(200), nonce: z.int().nonnegative() });

export const workMethods = {
  work: query({
    http: "GET /api/v1/auth/work",
    auth: "public",
    rate: "login",
    summary:
      "Returns a puzzle that a sign-up has to solve, once: the least `nonce` of 0 and above for which the SHA-256 of `puzzle:nonce` begins with `bits` zero bits. Null where there is none.",
    input: z.object({}),
    output: z.object({
      puzzle: z.string().nullable(),
      bits: z.int().optional(),
      expiresAtMs: Instant.optional(),
    }),
  }),
};
