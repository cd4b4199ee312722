import { command, failure, Id, query, service } from "#kernel";
import { z } from "zod";

export const CacheNotFound = failure("not_found", "cache.not_found", "no process has a cache of this name");
export const TtlTooLong = failure(
  "invalid",
  "cache.ttl_too_long",
  "entries of this cache grant access, so its times together may not be that long",
  z.object({ max: z.number() }),
);
export const NeverStale = failure("invalid", "cache.never_stale", "this cache never answers with old entries");
export const OneTarget = failure("invalid", "cache.one_target", "send exactly one of name, keys, tags and all");
export const CannotWarm = failure("conflict", "cache.cannot_warm", "this cache cannot look entries up ahead of time");

const Name = z
  .string()
  .max(64)
  .regex(/^[a-z_]+\.[a-z_]+$/, "the name of a cache, such as gateway.names");
/** As `<cache>/<key>`; a key of a response is its path. */
const Key = z.string().min(1).max(300);
const Tag = z.string().min(1).max(100);
const Process = z.string().min(1).max(300);
const Seconds = z.number().min(0).max(86_400);
/** Entries and bytes that cannot be counted are null. */
const Counts = {
  entries: z.int().nullable(),
  bytes: z.int().nullable(),
  hits: z.int(),
  misses: z.int(),
  /** The share of look-ups that were hits; 0 where there was none. */
  hitRate: z.number(),
};

const Policy = z
  .object({
    name: z.string(),
    service: z.string(),
    ttlSeconds: z.number(),
    /** For how long an older entry still answers, while a new one is looked up. */
    staleSeconds: z.number(),
    ...Counts,
    /** Its entries are in the cache that processes may share (`KINORA_REDIS_URL`). */
    shared: z.boolean(),
    what: z.string(),
    /** The fixed bound of both times together, where an entry grants access. */
    maxSeconds: z.number().nullable(),
    warmable: z.boolean(),
  })
  .meta({ id: "CachePolicy" });

export const Report = z.object({
  name: Name,
  what: z.string().max(300),
  ttlMs: z.number(),
  staleMs: z.number().nullable(),
  lifetimeMsMax: z.number().nullable(),
  isShared: z.boolean(),
  canWarm: z.boolean(),
  entries: z.int().nullable(),
  bytes: z.int().nullable(),
  hits: z.int(),
  misses: z.int(),
});
const Reports = z.array(Report).max(200);

/** A warm-up that processes are asked for. */
const Warming = z.object({ id: Id, name: z.string(), keys: z.array(z.string()) });

/** Lifetimes of caches, and what is deleted in them, for all processes of the installation. */
export const cache = service(
  "cache",
  1,
  {
    policies: query({
      http: "GET /api/v1/cache/policies",
      auth: "admin",
      summary:
        "Returns the caches of all processes: how long entries live, how many there are, and how often they answered.",
      input: z.object({}),
      output: z.object({ items: z.array(Policy) }),
    }),
    setPolicy: command({
      http: "PUT /api/v1/cache/policies/:name",
      auth: "admin",
      idempotent: true,
      summary:
        "Changes how long entries of a cache live, in all processes within two seconds. Its older entries are deleted. Times beyond the bound of a cache that grants access are refused with the bound, `max`.",
      input: z.object({
        name: Name,
        ttlSeconds: Seconds.optional(),
        staleSeconds: Seconds.optional(),
      }),
      output: Policy,
      errors: [CacheNotFound, TtlTooLong, NeverStale],
    }),
    invalidate: command({
      http: "POST /api/v1/cache/invalidate",
      auth: "admin",
      idempotent: true,
      summary:
        "Deletes entries in all processes within two seconds: of one cache (`name`), of `keys` (`<cache>/<key>`), about subjects (`tags`, such as `video:7`), or `all`. Returns how many of them were named.",
      input: z.object({
        name: Name.optional(),
        keys: z.array(Key).min(1).max(1_000).optional(),
        tags: z.array(Tag).min(1).max(100).optional(),
        all: z.boolean().optional(),
      }),
      output: z.object({ invalidated: z.int() }),
      errors: [CacheNotFound, OneTarget],
    }),
    warm: command({
      http: "POST /api/v1/cache/warm",
      auth: "admin",
      summary:
        "Lets each process look up entries of a cache ahead of time, those of `keys` or all that it can name, as a job.",
      input: z.object({ name: Name, keys: z.array(z.string().min(1).max(300)).max(1_000).default([]) }),
      output: z.object({ jobId: Id }),
      errors: [CacheNotFound, CannotWarm],
    }),
    stats: query({
      http: "GET /api/v1/cache/stats",
      auth: "admin",
      summary: "Returns what all caches hold together, and those of each process.",
      input: z.object({}),
      output: z.object({ ...Counts, processes: z.array(z.object({ id: z.string(), ...Counts })) }),
    }),

    /** The changes after a revision that a process has, and its own report. */
    follow: query({
      auth: "service",
      input: z.object({ process: Process, revision: z.int().optional(), reports: Reports.optional() }),
      output: z.object({
        /** Absent where nothing changed. */
        changes: z
          .object({
            revision: z.int(),
            generation: z.int(),
            settings: z.array(
              z.object({
                name: z.string(),
                ttlMs: z.number().nullable(),
                staleMs: z.number().nullable(),
                generation: z.int(),
              }),
            ),
            deletions: z
              .array(z.object({ revision: z.int(), keys: z.array(z.string()), tags: z.array(z.string()) }))
              .optional(),
          })
          .optional(),
        warmings: z.array(Warming),
      }),
    }),
    reportWarmUp: command({
      auth: "service",
      idempotent: true,
      input: z.object({ id: Id, process: Process, count: z.int() }),
      output: z.object({}),
    }),
    /** The reports that a process of this service has, of each process the newest. */
    reports: query({
      auth: "service",
      input: z.object({}),
      output: z.object({ items: z.array(z.object({ process: z.string(), ageMs: z.number(), reports: Reports })) }),
    }),
  },
  { scopes: { query: "none", command: "none" } },
);
