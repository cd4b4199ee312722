import { command, contract, failure, page, pageInput, query } from "#kernel";
import { DeadEvent, DeadJob } from "#kernel/service";
import { z } from "zod";

export const JobNotFound = failure("not_found", "worker.job_not_found", "no such job was given up");
export const JobReplaced = failure("conflict", "worker.job_replaced", "another job does the same work by now");
export const EventNotFound = failure("not_found", "worker.event_not_found", "no such event was given up");

/** The name of a service. Those that keep nothing to administer have no failed jobs and no dead letters. */
const ServiceName = z.string().max(32);

const jobPlace = z.object({ service: ServiceName, id: DeadJob.shape.id });
const eventPlace = z.object({ service: ServiceName, id: DeadEvent.shape.id });

/** Administers what all services gave up: a job belongs to the service that works it off, a dead letter to the consumer that could not apply it. */
export const worker = contract("worker", 1, {
  dead: query({
    http: "GET /api/v1/admin/jobs/dead",
    auth: "admin",
    summary: "Jobs that were given up after their last try, latest first, with why.",
    input: z.object(pageInput),
    output: page(DeadJob.extend({ service: ServiceName }).meta({ id: "DeadJob" })),
  }),
  retry: command({
    http: "POST /api/v1/admin/jobs/dead/:service/:id/retry",
    auth: "admin",
    idempotent: true,
    summary: "Lets a job that was given up have all its tries again.",
    input: jobPlace,
    output: z.object({}),
    errors: [JobNotFound, JobReplaced],
  }),
  discard: command({
    http: "DELETE /api/v1/admin/jobs/dead/:service/:id",
    auth: "admin",
    idempotent: true,
    summary: "Strikes a job that was given up off the list.",
    input: jobPlace,
    output: z.object({}),
    errors: [JobNotFound],
  }),
  deadEvents: query({
    http: "GET /api/v1/admin/events/dead",
    auth: "admin",
    summary:
      "Dead letters: events that a service could not apply in all its attempts, latest first, with the reason. `service` is the consumer.",
    input: z.object(pageInput),
    output: page(DeadEvent.extend({ service: ServiceName }).meta({ id: "DeadEvent" })),
  }),
  retryEvent: command({
    http: "POST /api/v1/admin/events/dead/:service/:id/retry",
    auth: "admin",
    idempotent: true,
    summary: "Gives a dead letter to its consumer again, with all its attempts. Other consumers do not see it.",
    input: eventPlace,
    output: z.object({}),
    errors: [EventNotFound],
  }),
  discardEvent: command({
    http: "DELETE /api/v1/admin/events/dead/:service/:id",
    auth: "admin",
    idempotent: true,
    summary: "Deletes a dead letter. Its consumer never applies the event.",
    input: eventPlace,
    output: z.object({}),
    errors: [EventNotFound],
  }),
});
