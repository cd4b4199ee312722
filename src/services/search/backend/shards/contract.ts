import { Id, Instant, query } from "#kernel";
import { z } from "zod";

const name = z.string().max(100);
const text = z.string().max(1_000);
/** As the analyser makes them. */
const word = z.string().max(500);
/** Users whose videos one does not see, for instance. */
const numbersMax = 1_000_000;

/** A query as one index takes it; see `SearchQuery` and `KindQuery`. */
export const ShardQuery = z
  .object({
    text: text.optional(),
    kind: z.int(),
    isName: z.boolean(),
    /** Whose files are searched. */
    scope: Id.optional(),
    ranges: z.array(z.object({ column: name, min: z.number().optional(), max: z.number().optional() })).max(20),
    keywords: z.array(z.object({ name, values: z.array(text).max(100) })).max(20),
    only: z.array(Id).max(2_000).optional(),
    except: z.array(z.object({ column: name, numbers: z.array(z.int()).max(numbersMax) })).max(20),
    sort: z.object({ column: name, order: z.enum(["asc", "desc"]) }).optional(),
    boost: z.object({ by: z.enum(["playsAndFreshness", "followers"]), nowMs: Instant }).optional(),
    isExact: z.boolean(),
    offset: z.int(),
    limit: z.int(),
    after: z.object({ id: Id, rank: z.number() }).optional(),
  })
  .meta({ id: "ShardQuery" });

const Words = z.array(z.object({ word, documents: z.int() }));
const Alike = z.object({ distance: z.int(), words: Words });
/** By field of a text. */
const numbers = z.array(z.number()).max(32);
/** By word or phrase of a query. */
const conceptsMax = 100;
const wordsMax = 100;

const Measurement = z.object({
  statistics: z.object({ documents: z.int(), words: numbers, filled: numbers }),
  concepts: z.array(
    z.object({
      documents: z.int(),
      isOpen: z.boolean(),
      partings: z.array(z.array(word).max(24)).max(wordsMax),
      begun: z.object({ words: Words, documents: z.int() }).optional(),
      alike: Alike.extend({ documents: z.int() }).optional(),
    }),
  ),
});
const Plan = z.object({
  statistics: z.object({ documents: z.int(), meanLengths: numbers }),
  concepts: z
    .array(
      z.object({
        documents: z.int(),
        isWritten: z.boolean(),
        partings: z.array(z.array(word).max(24)).max(wordsMax),
        begun: z.array(word).max(wordsMax),
        alike: z.object({ distance: z.int(), words: z.array(word).max(wordsMax) }),
      }),
    )
    .max(conceptsMax),
});
const Hits = z
  .object({
    hits: z.array(z.object({ kind: z.int(), id: Id, score: z.number(), rank: z.number() })),
    total: z.int(),
    start: z.number().optional(),
  })
  .meta({ id: "ShardRanking" });

/** The part that is asked: a process that has another one by now refuses. */
const part = z.object({ number: z.int(), count: z.int() }).meta({ id: "ShardPart" });

/** By which processes that have a part of the index each search all of it. */
export const shardMethods = {
  /** Which part a process has: all of it is the first of one. */
  shard: query({
    auth: "service",
    input: z.object({}),
    output: part,
  }),
  shardMeasurement: query({ auth: "service", input: z.object({ part, query: ShardQuery }), output: Measurement }),
  shardHits: query({
    auth: "service",
    input: z.object({ part, query: ShardQuery, plan: Plan }),
    output: z.object({ all: Hits, any: Hits.optional() }),
  }),
  /** Of some videos, those of the part that may have words of a text in their captions. */
  shardCaptions: query({
    auth: "service",
    input: z.object({ part, text, videoIds: z.array(Id).max(2_000) }),
    output: z.object({ videoIds: z.array(Id) }),
  }),
  /** What the videos of the part say of each word of a text. */
  shardSpellings: query({
    auth: "service",
    input: z.object({ part, text }),
    output: z.object({ items: z.array(z.object({ documents: z.int(), alike: Alike.optional() })) }),
  }),
};
