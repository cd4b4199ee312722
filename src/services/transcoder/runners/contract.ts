import { command, Duration, failure, Id, Instant, Line, query, SaidLine } from "#kernel";
import { z } from "zod";
import { kinds } from "../jobs/task.ts";

/** Grows with each change of what runners and servers say to each other. */
export const runnerProtocol = 1;

export const RegistrationRefused = failure(
  "unauthenticated",
  "runner.registration_refused",
  "this registration token is unknown or was revoked",
);
export const RunnerRefused = failure(
  "unauthenticated",
  "runner.refused",
  "this runner is not registered, or it was removed",
);
export const RunnerDisabled = failure("denied", "runner.switched_off", "an administrator has switched this runner off");
export const OtherProtocol = failure(
  "conflict",
  "runner.other_version",
  "this runner and this server are of versions that do not work together",
  z.object({ serverVersion: z.string() }),
);
export const RunnerNotFound = failure("not_found", "runner.not_found", "there is no such runner");
export const RegistrationNotFound = failure(
  "not_found",
  "runner.registration_not_found",
  "there is no such registration token",
);
export const ForeignResults = failure(
  "invalid",
  "runner.foreign_results",
  "these results are not those of the job, or name files that were not sent for it",
);
export const ForeignFile = failure("not_found", "runner.foreign_file", "the job does not need such a file");
export const OutputsTooLarge = failure(
  "invalid",
  "runner.outputs_too_large",
  "the outputs are larger than this job can have",
  z.object({ bytesMax: z.int() }),
  413,
);

/** Keeps what is said to a runner out of the calls of accounts: its token is no account's. */
const runnerToken = z.string().max(100);
/** A job that a runner holds. */
const holding = { id: Id, runnerToken, fence: z.int().nonnegative() };
const held = { auth: "public", rate: "part", idempotent: true } as const;
/** The address of the client: the gateway puts it here, whatever a client wrote. */
const address = z.string().max(64).default("");
const Key = z.string().max(100);
/** JSON that only the work of a job reads. */
const Json = z.string().max(64 * 2 ** 10);
const heldErrors = [RunnerRefused, RunnerDisabled];

const RunnerJob = z.object({
  id: Id,
  kind: z.enum(kinds),
  mediaId: Id,
  /** 0–100. */
  progress: z.int(),
  startedAtMs: Instant,
});

/** A transcoder outside of the platform, which takes jobs over HTTPS. */
export const Runner = z
  .object({
    id: Id,
    name: z.string(),
    description: z.string(),
    isEnabled: z.boolean(),
    version: z.string(),
    createdAtMs: Instant,
    /** The last request, and the address that it came from. */
    seenAtMs: Instant,
    address: z.string(),
    /** True if it sent a request within the last minute. */
    isPresent: z.boolean(),
    jobsDone: z.int(),
    jobsFailed: z.int(),
    jobs: z.array(RunnerJob),
  })
  .meta({ id: "Runner" });
export type Runner = z.output<typeof Runner>;

/** By it runners register; the token itself is shown once. */
export const RunnerRegistration = z
  .object({
    id: Id,
    label: z.string(),
    createdAtMs: Instant,
    /** Null while no runner has registered by it. */
    usedAtMs: Instant.nullable(),
    runners: z.int(),
  })
  .meta({ id: "RunnerRegistration" });

/** The administration of runners. */
const administration = {
  runners: query({
    http: "GET /api/v1/admin/runners",
    auth: "admin",
    summary: "The transcoders that take jobs over HTTPS, and their present jobs.",
    input: z.object({}),
    output: z.object({ items: z.array(Runner) }),
  }),
  switchRunner: command({
    http: "PUT /api/v1/admin/runners/:id",
    auth: "admin",
    idempotent: true,
    summary: "Switches a runner off or on; its present jobs go to others.",
    input: z.object({ id: Id, isEnabled: z.boolean() }),
    output: Runner,
    errors: [RunnerNotFound],
  }),
  removeRunner: command({
    http: "DELETE /api/v1/admin/runners/:id",
    auth: "admin",
    idempotent: true,
    summary: "Removes a runner: its token is refused from then on, and its present jobs go to others.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [RunnerNotFound],
  }),
  runnerRegistrations: query({
    http: "GET /api/v1/admin/runner-registrations",
    auth: "admin",
    summary: "The registration tokens of runners, without the tokens themselves.",
    input: z.object({}),
    output: z.object({ items: z.array(RunnerRegistration) }),
  }),
  addRunnerRegistration: command({
    http: "POST /api/v1/admin/runner-registrations",
    auth: "admin",
    summary: "Makes a registration token, which is in this answer alone.",
    input: z.object({ label: Line(60).default("") }),
    output: RunnerRegistration.extend({ token: z.string() }),
  }),
  revokeRunnerRegistration: command({
    http: "DELETE /api/v1/admin/runner-registrations/:id",
    auth: "admin",
    idempotent: true,
    summary: "Revokes a registration token; runners that registered by it stay.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [RegistrationNotFound],
  }),
};

/** The part of the service that runners call, with tokens of their own. */
export const runnerMethods = {
  ...administration,
  registerRunner: command({
    http: "POST /api/v1/runners",
    auth: "public",
    rate: "login",
    summary: "Registers a runner by a registration token. The runner's own token is in this answer alone.",
    input: z.object({
      registrationToken: z.string().max(100),
      name: SaidLine(60),
      description: Line(200).default(""),
      version: Line(40),
      protocol: z.int().nonnegative(),
      address,
    }),
    output: z.object({ id: Id, runnerToken: z.string() }),
    errors: [RegistrationRefused, OtherProtocol],
  }),
  unregisterRunner: command({
    ...held,
    http: "POST /api/v1/runners/unregister",
    summary: "Removes the runner that asks.",
    input: z.object({ runnerToken }),
    output: z.object({}),
    errors: heldErrors,
  }),
  requestRunnerJob: command({
    ...held,
    http: "POST /api/v1/runners/jobs",
    idempotent: false,
    summary: "Gives the runner the next job that it may take, under a lease.",
    input: z.object({
      runnerToken,
      kinds: z.array(z.enum(kinds)).max(kinds.length),
      version: Line(40),
      protocol: z.int().nonnegative(),
      address,
    }),
    output: z.object({
      job: z
        .object({
          id: Id,
          kind: z.enum(kinds),
          attempt: z.int(),
          attemptsMax: z.int(),
          fence: z.int(),
          traceId: z.string(),
          createdAtMs: Instant,
          /** How long the lease lasts without a heartbeat. */
          lease: Duration,
          /** The task of the job, and what the platform knows of its file; JSON. */
          task: z.string(),
          facts: z.string(),
        })
        .nullable(),
      /** When to ask again. */
      wait: Duration,
    }),
    errors: [...heldErrors, OtherProtocol],
  }),
  renewRunnerJob: command({
    ...held,
    http: "POST /api/v1/runners/jobs/:id/heartbeat",
    summary: "Prolongs the lease of a job; false where it was cancelled or went to another worker.",
    input: z.object({ ...holding, progress: z.int().min(0).max(100) }),
    output: z.object({ isHeld: z.boolean() }),
    errors: heldErrors,
  }),
  reportRunnerJob: command({
    ...held,
    http: "POST /api/v1/runners/jobs/:id/results",
    summary: "Commits results of a job, all or none, while the runner holds it; the last ones end it.",
    input: z.object({
      ...holding,
      /** Counts the reports of a job from 1: one that was received is not applied again. */
      number: z.int().positive(),
      isLast: z.boolean(),
      events: z.array(z.object({ type: z.string().max(64), payload: Json })).max(10),
      tasks: z.array(z.object({ kind: z.enum(kinds), payload: Json })).max(2),
    }),
    output: z.object({}),
    errors: [...heldErrors, ForeignResults],
  }),
  putOffRunnerJob: command({
    ...held,
    http: "POST /api/v1/runners/jobs/:id/put-off",
    summary: "Gives a job back for later; the try does not count.",
    input: z.object({ ...holding, delay: Duration.max(3_600_000), reason: Line(200) }),
    output: z.object({}),
    errors: heldErrors,
  }),
  failRunnerJob: command({
    ...held,
    http: "POST /api/v1/runners/jobs/:id/failure",
    summary: "Reports that a try of a job failed.",
    input: z.object({ ...holding, code: z.string().max(64), message: z.string().max(1_000) }),
    output: z.object({}),
    errors: heldErrors,
  }),
  /** Decides whether a runner may read a file for its job, on behalf of the gateway. */
  runnerFile: query({
    auth: "service",
    input: z.object({ ...holding, key: Key }),
    output: z.object({ key: z.string() }),
    errors: [...heldErrors, ForeignFile],
  }),
  /** The bytes that the outputs of a job may still have. */
  runnerOutput: query({
    auth: "service",
    input: z.object(holding),
    output: z.object({ bytesMax: z.int() }),
    errors: heldErrors,
  }),
  /** Records a stored output of a job. */
  addRunnerOutput: command({
    auth: "service",
    idempotent: true,
    input: z.object({ ...holding, key: Key, sizeBytes: z.int().nonnegative() }),
    output: z.object({}),
    errors: [...heldErrors, OutputsTooLarge],
  }),
};
