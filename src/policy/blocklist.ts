import { sql } from "kysely";
import { z } from "zod";
import { query } from "#kernel/contract";
import type { Reader, Tx } from "#kernel/db/port";
import { kernel, schemaOf } from "#kernel/db/tables";

/** What is watched, in one row: a copy, kept by events. */
export const blocklistTable = (schema: string) => `CREATE TABLE ${schemaOf(schema)}.blocklist_terms (
     id      BOOLEAN PRIMARY KEY DEFAULT true CHECK (id),
     version INTEGER NOT NULL,
     body    TEXT    NOT NULL
   )`;

/** Older news than what is known changes nothing. */
export const noteWatched = <T>(tx: Tx<T>, told: { readonly version: number }) =>
  sql`INSERT INTO ${kernel.blocklistTerms} AS stored (version, body) VALUES (${told.version}, ${JSON.stringify(told)})
      ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body
      WHERE stored.version < excluded.version`.execute(tx);

/**
 * What `build` makes of the copy, made once for each version; `none` where nothing was told yet. Inside a transaction it is
 * read with that, so that nobody who holds a connection waits for another.
 */
export function watchedBy<T, Built>(db: Reader<T>, build: (body: unknown) => Built, none: Built) {
  let last: { readonly version: number; readonly built: Built } = { version: 0, built: none };
  return async (reader: Reader<T> = db): Promise<Built> => {
    const { rows } = await sql<{
      version: number;
      body: string;
    }>`SELECT version, body FROM ${kernel.blocklistTerms}`.execute(reader);
    const [copy] = rows;
    if (!copy) return none;
    if (last.version !== copy.version) last = { version: copy.version, built: build(JSON.parse(copy.body)) };
    return last.built;
  };
}

/** The copy as it was told, for whoever decides what is watched to compare; empty where nothing was told yet. */
export const watchedQuery = query({ auth: "service", input: z.object({}), output: z.object({ body: z.string() }) });
export async function watchedCopy<T>(db: Reader<T>) {
  const { rows } = await sql<{ body: string }>`SELECT body FROM ${kernel.blocklistTerms}`.execute(db);
  return { body: rows[0]?.body ?? "" };
}
