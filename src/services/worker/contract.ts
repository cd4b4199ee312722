import { command, contract, failure, page, pageInput, query } from "#kernel";
import { DeadEvent } from "#kernel/bus/administration";
import { DeadJob } from "#kernel/jobs/administration";
import { z } from "zod";

export const JobNotFound = failure("not_found", "worker.job_not_found", "no such job was given up");
export const JobReplaced = failure("conflict", "worker.job_replaced", "another job does the same work by now");
export const EventNotFound = failure("not_found", "worker.event_not_found", "no such event was given up");

/** The services whose queues are administered. */
export const Queue = z.enum([
  "upload",
  "media",
  "drive",
  "transfer",
  "transcoder",
  "relation",
  "video",
  "streaming",
  "search",
  "message",
]);
export type Queue = z.infer<typeof Queue>;
/** The services that tell events; each keeps those of its own that were given up. */
export const Teller = z.enum([
  "auth",
  "user",
  "relation",
  "upload",
  "media",
  "drive",
  "transfer",
  "transcoder",
  "video",
  "streaming",
  "interaction",
  "hashtag",
  "search",
  "message",
  "moderation",
]);
export type Teller = z.infer<typeof Teller>;

const one = z.object({ service: Queue, id: DeadJob.shape.id });
const oneEvent = z.object({ service: Teller, id: DeadEvent.shape.id });

/** Administers what all services gave up: a job belongs to the service that works it off, an event to the one that tells it. */
export const worker = contract("worker", 1, {
  dead: query({
    http: "GET /api/v1/admin/jobs/dead",
    auth: "admin",
    summary: "Jobs that were given up after their last try, latest first, with why.",
    input: z.object(pageInput),
    output: page(DeadJob.extend({ service: Queue }).meta({ id: "DeadJob" })),
  }),
  retry: command({
    http: "POST /api/v1/admin/jobs/dead/:service/:id/retry",
    auth: "admin",
    idempotent: true,
    summary: "Lets a job that was given up have all its tries again.",
    input: one,
    output: z.object({}),
    errors: [JobNotFound, JobReplaced],
  }),
  discard: command({
    http: "DELETE /api/v1/admin/jobs/dead/:service/:id",
    auth: "admin",
    idempotent: true,
    summary: "Strikes a job that was given up off the list.",
    input: one,
    output: z.object({}),
    errors: [JobNotFound],
  }),
  deadEvents: query({
    http: "GET /api/v1/admin/events/dead",
    auth: "admin",
    summary:
      "Events that were given up because somebody could not hear them in all their tries, latest first, with why.",
    input: z.object(pageInput),
    output: page(DeadEvent.extend({ service: Teller }).meta({ id: "DeadEvent" })),
  }),
  retryEvent: command({
    http: "POST /api/v1/admin/events/dead/:service/:id/retry",
    auth: "admin",
    idempotent: true,
    summary: "Tells an event that was given up again, with all its tries; those who heard it do nothing twice.",
    input: oneEvent,
    output: z.object({}),
    errors: [EventNotFound],
  }),
  discardEvent: command({
    http: "DELETE /api/v1/admin/events/dead/:service/:id",
    auth: "admin",
    idempotent: true,
    summary: "Strikes an event that was given up off the list; those who did not hear it never will.",
    input: oneEvent,
    output: z.object({}),
    errors: [EventNotFound],
  }),
});
