import { NewcomerRules, blocklistChanged } from "#events/moderation";
import { answeredByHost, type Call, type Db, failure, Gather, on, query, type Reader } from "#kernel";
import { schemaOf } from "#kernel/db/tables";
import type { LocalCopy } from "#kernel/host/local-copy";
import { firstCharacters } from "#kernel/text";
import { sql } from "kysely";
import { z } from "zod";
import { createContentFilter } from "./content-filter.ts";

export const WordsRefused = failure("invalid", "moderation.words_refused", "this has words that are not said here");

/** Before anybody chose. */
export const usualRules: NewcomerRules = { days: 3, comments: 3, holdLinks: true, perMinute: 20 };

/** Characters of a reason that moderators read. */
export const reasonMax = 200;

const terms = sql.table("own.blocklist_terms");

/** The copy as it was received, for moderation to compare; empty before the first event. */
const blocklistCopy = answeredByHost(
  query({ auth: "service", input: z.object({}), output: z.object({ body: z.string() }) }),
);

/** The blocklist and the rules for new accounts in one row, in a service that applies them without asking another. */
export const blocklist: LocalCopy<{ blocklistCopy: typeof blocklistCopy }> = {
  table: "blocklist_terms",
  migrations: (schema) => [
    `CREATE TABLE ${schemaOf(schema)}.blocklist_terms (
       id      BOOLEAN PRIMARY KEY DEFAULT true CHECK (id),
       version INTEGER NOT NULL,
       body    TEXT    NOT NULL
     )`,
  ],
  methods: { blocklistCopy },
  handlers: (db) => ({
    blocklistCopy: async () => {
      const { rows } = await sql<{ body: string }>`SELECT body FROM ${terms}`.execute(db);
      return { body: rows[0]?.body ?? "" };
    },
  }),
  subscriptions: () => [
    on(blocklistChanged, async (tx, changed) => {
      await sql`INSERT INTO ${terms} AS stored (version, body) VALUES (${changed.version}, ${JSON.stringify(changed)})
          ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body
          WHERE stored.version < excluded.version`.execute(tx);
    }),
  ],
};

interface Copy {
  readonly version: number;
  readonly body: string;
}
async function copyIn<T>(reader: Reader<T>): Promise<Copy | undefined> {
  const { rows } = await sql<Copy>`SELECT version, body FROM ${terms}`.execute(reader);
  return rows[0];
}

/** Reads what is built of the copy. A reader inside a transaction is that transaction. */
export type BlocklistReader<T, Built> = (reader?: Reader<T>) => Promise<Built>;

/**
 * The result of `build` for the copy, once per version; `none` before the first event. Requests of one turn read it
 * together. Inside a transaction it is read with that, so that a request that holds a connection does not wait for another.
 */
export function createBlocklistReader<T, Built>(
  db: Db<T>,
  build: (changed: z.output<typeof blocklistChanged.payload>) => Built,
  none: Built,
): BlocklistReader<T, Built> {
  const copies = new Gather(db, async (reader: Reader<T>, keys: readonly true[]) => {
    const copy = await copyIn(reader);
    return keys.map(() => copy);
  });
  let last: { readonly version: number; readonly built: Built } = { version: 0, built: none };
  return async (reader) => {
    const copy = reader ? await copyIn(reader) : await copies.get(true);
    if (!copy) return none;
    if (last.version !== copy.version)
      last = { version: copy.version, built: build(blocklistChanged.payload.parse(JSON.parse(copy.body))) };
    return last.built;
  };
}

/** The reason for a moderator to look at a text with these terms; undefined where there are none. */
export const reasonOf = (terms: readonly { readonly pattern: string }[]): string | undefined =>
  terms.length > 0 ? firstCharacters(`word: ${terms.map(({ pattern }) => pattern).join(", ")}`, reasonMax) : undefined;

/**
 * The reason for a moderator to look at these texts, undefined where there is none.
 * @throws WordsRefused
 */
export type FlagCheck<T> = (
  texts: readonly (string | undefined)[],
  by: Pick<Call, "role">,
  reader?: Reader<T>,
) => Promise<string | undefined>;

/**
 * For a service that has the copy {@link blocklist}: the reason for a moderator to look at these texts, which stay
 * visible until then; undefined where there is none. Moderators quote what they decide about, so theirs are not
 * filtered.
 */
export function createFlagCheck<T>(db: Db<T>): FlagCheck<T> {
  const filter = createBlocklistReader(db, ({ words }) => createContentFilter(words), createContentFilter([]));
  return async (texts, { role }, reader) => {
    const text = texts.filter((text) => text !== undefined).join("\n");
    if (text === "" || role === "moderator" || role === "admin") return undefined;
    const matches = (await filter(reader))(text);
    if (matches.some(({ action }) => action === "refuse")) throw WordsRefused({});
    return reasonOf(matches);
  };
}
