import { z } from "zod";
import type { Elasticsearch } from "./client.ts";
import { format } from "./index-schema.ts";

export const positionKey = "position";

/** How far an index followed the table. */
const Position = z.object({
  endedTx: z.int(),
  storage: z.int(),
  /** The last row of the first filling, while that is under way. */
  after: z.object({ kind: z.int(), id: z.int() }).optional(),
});
export type Position = z.output<typeof Position>;

/** The index that is fed: the newest one. */
export interface Generation {
  readonly name: string;
  readonly position: Position | undefined;
  /** True if searches are answered from this index. */
  readonly isServed: boolean;
}

const Aliases = z.record(z.string(), z.object({ aliases: z.record(z.string(), z.object({})) }));
const StoredPosition = z.object({ _source: z.object({ position: Position }) });

/** @throws SearchUnavailable */
export async function newestOf(elasticsearch: Elasticsearch, alias: string): Promise<Generation | undefined> {
  const all = await indicesOf(elasticsearch, alias);
  const name = Object.keys(all)
    .filter((index) => index.startsWith(`${alias}-${format}-`))
    .toSorted()
    .at(-1);
  if (name === undefined) return undefined;
  const path = `/${name}/_doc/${positionKey}`;
  const stored = await elasticsearch.ask(StoredPosition, { method: "GET", path, mayBeAbsent: true });
  return { name, position: stored?._source.position, isServed: all[name]?.aliases[alias] !== undefined };
}

/**
 * Those that were made here, with their aliases: another installation may have names that begin like these.
 * @throws SearchUnavailable
 */
export async function indicesOf(elasticsearch: Elasticsearch, alias: string): Promise<z.output<typeof Aliases>> {
  const request = { method: "GET", path: `/${alias}-*/_alias`, mayBeAbsent: true } as const;
  const all = (await elasticsearch.ask(Aliases, request)) ?? {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => /^-\d+-\d{15}$/.test(name.slice(alias.length))));
}
