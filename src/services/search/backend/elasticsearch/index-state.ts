import { KinoraError, type Log } from "#kernel";
import { createConfiguredServer, reasonOf } from "#kernel/outgoing/configured";
import { SearchUnavailable } from "../../contract.ts";
import type { Settings } from "../../settings.ts";
import { Elasticsearch } from "./client.ts";
import { newestOf } from "./generations.ts";

type Configured = NonNullable<Settings["elasticsearch"]>;

/** The server of these settings, and what searches ask there. */
export function openElasticsearch({ url, apiKey, prefix }: Configured, log: Log) {
  const server = createConfiguredServer(url, apiKey === undefined ? undefined : `ApiKey ${apiKey}`);
  return { elasticsearch: new Elasticsearch(server, log), alias: `${prefix}-search` };
}

/** The state of the index that searches use, as Elasticsearch reports it. */
export type IndexState =
  | { readonly is: "filled" | "unfilled"; readonly index: string }
  | { readonly is: "absent" }
  | { readonly is: "away"; readonly reason: string };

/** The state of the index that is fed; needs no database. */
export async function indexStateOf(configured: Configured, log: Log): Promise<IndexState> {
  const { elasticsearch, alias } = openElasticsearch(configured, log);
  try {
    const newest = await newestOf(elasticsearch, alias);
    if (!newest) return { is: "absent" };
    const { name: index, position, isServed } = newest;
    return { is: isServed && position && !position.after ? "filled" : "unfilled", index };
  } catch (error) {
    if (!(error instanceof KinoraError) || error.code !== SearchUnavailable.code) throw error;
    return { is: "away", reason: reasonOf(error.cause) };
  }
}
