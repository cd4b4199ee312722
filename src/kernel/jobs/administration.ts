import { z } from "zod";
import { command, query } from "../contract.ts";
import { Id, Instant } from "../fields.ts";
import type { Call } from "../call.ts";
import type { Jobs } from "./port.ts";

export const DeadJob = z.object({
  id: Id,
  kind: z.string(),
  tries: z.int(),
  error: z.string().nullable(),
  ownerId: Id.nullable(),
  createdAtMs: Instant,
  diedAtMs: Instant,
});

/** What every service with a queue lets the one that administers them do; the rows stay its own. */
export const jobMethods = {
  /** Jobs that were given up, latest first; those with lower ids than `before`. */
  deadJobs: query({
    auth: "service",
    input: z.object({ before: z.int().positive().optional(), limit: z.int().min(1).max(2_000) }),
    output: z.object({ items: z.array(DeadJob) }),
  }),
  retryJob: command({
    auth: "service",
    idempotent: true,
    input: z.object({ id: Id }),
    output: z.object({ result: z.enum(["revived", "taken", "gone"]) }),
  }),
  discardJob: command({
    auth: "service",
    idempotent: true,
    input: z.object({ id: Id }),
    output: z.object({ isThere: z.boolean() }),
  }),
};

/** The handlers of {@link jobMethods}. */
export const jobHandlers = (jobs: Jobs) => ({
  deadJobs: async ({ before, limit }: { before?: Id | undefined; limit: number }, _: Call) => ({
    items: [...(await jobs.dead(limit, before))],
  }),
  retryJob: async ({ id }: { id: Id }, asked: Call) => ({ result: await jobs.revive(id, asked) }),
  discardJob: async ({ id }: { id: Id }, asked: Call) => ({ isThere: await jobs.discard(id, asked) }),
});
