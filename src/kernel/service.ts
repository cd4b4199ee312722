import { z } from "zod";
import { answeredByHost, command, type Contract, contract, type Method, query } from "./contract.ts";
import { Id, Instant } from "./fields.ts";

/** A job that failed in all its attempts. */
export const DeadJob = z.object({
  id: Id,
  kind: z.string(),
  tries: z.int(),
  error: z.string().nullable(),
  ownerId: Id.nullable(),
  createdAtMs: Instant,
  diedAtMs: Instant,
});
/** An event that its consumer could not apply in any of its attempts. Its payload is not shown. */
export const DeadEvent = z.object({
  id: z.string().max(64),
  type: z.string(),
  /** Its key: what it is about. Events of a source and key are consumed in order. */
  subjectId: z.int(),
  tries: z.int(),
  error: z.string(),
  diedAtMs: Instant,
});

const { id, diedAtMs } = DeadEvent.shape;
const limit = z.int().min(1).max(2_000);
const isThere = z.object({ isThere: z.boolean() });

/** By which the worker service lets administrators see and decide what a service gave up. The host has their handlers. */
export const administration = {
  /** Failed jobs with lower ids than `before`, latest first. */
  deadJobs: answeredByHost(
    query({
      auth: "service",
      input: z.object({ before: z.int().positive().optional(), limit }),
      output: z.object({ items: z.array(DeadJob) }),
    }),
  ),
  retryJob: answeredByHost(
    command({
      auth: "service",
      idempotent: true,
      input: z.object({ id: Id }),
      output: z.object({ result: z.enum(["revived", "taken", "gone"]) }),
    }),
  ),
  discardJob: answeredByHost(
    command({ auth: "service", idempotent: true, input: z.object({ id: Id }), output: isThere }),
  ),
  /** Dead letters that come after `after`, latest first. */
  deadEvents: answeredByHost(
    query({
      auth: "service",
      input: z.object({ after: z.object({ diedAtMs, id }).optional(), limit }),
      output: z.object({ items: z.array(DeadEvent) }),
    }),
  ),
  retryEvent: answeredByHost(command({ auth: "service", idempotent: true, input: z.object({ id }), output: isThere })),
  discardEvent: answeredByHost(
    command({ auth: "service", idempotent: true, input: z.object({ id }), output: isThere }),
  ),
} satisfies Record<string, Method>;
export type Administration = typeof administration;

/** The contract of a service: its own methods, and those of {@link administration}. */
export const service = <M extends Record<string, Method>>(
  name: string,
  version: number,
  methods: M,
  traits: Pick<Contract, "holdsUserData" | "scopes"> = {},
): Contract<M & Administration> => ({ ...contract(name, version, { ...methods, ...administration }), ...traits });

/** True if a service has the methods of {@link administration}. */
export const isAdministered = (c: Contract): c is Contract<Administration> => "deadJobs" in c.methods;
