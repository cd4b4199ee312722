import { command, contract, failure, page, pageInput, query } from "#kernel";
import { DeadJob } from "#kernel/jobs/administration";
import { z } from "zod";

export const JobNotFound = failure("not_found", "worker.job_not_found", "no such job was given up");
export const JobReplaced = failure("conflict", "worker.job_replaced", "another job does the same work by now");

/** The services whose queues are administered. */
export const Queue = z.enum(["upload", "media", "drive", "transfer", "transcoder"]);

const one = z.object({ service: Queue, id: DeadJob.shape.id });

/** Administers the jobs of all services; each queue belongs to the service that works it off. */
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
});
