import type { Config } from "../../src/kernel/config/load.ts";
import { silentLog } from "../../src/kernel/log/port.ts";
import { settingsOf } from "./service-settings.ts";
import type { Share } from "./share.ts";

/** The search index as it is configured, in words; `lack` is why searches cannot be answered. */
export interface SearchIndex {
  readonly says: string;
  readonly lack?: "away" | "unfilled";
}

/** Looks at the index in Elasticsearch, where there is one. */
export async function searchIndexOf(config: Config): Promise<SearchIndex> {
  // The code of the service is loaded where it is asked.
  const { indexStateOf } = await import("../../src/services/search/backend/elasticsearch/index-state.ts");
  const { Settings } = await import("../../src/services/search/settings.ts");
  const { elasticsearch } = Settings.parse(settingsOf(config, "search"));
  if (!elasticsearch) return { says: "an index in the memory of each process" };
  const at = `Elasticsearch at ${new URL(elasticsearch.url).host}`;
  const state = await indexStateOf(elasticsearch, silentLog);
  switch (state.is) {
    case "filled":
      return { says: `${at}, its index ${state.index} is filled` };
    case "unfilled":
      return { says: `${at} answers, its index ${state.index} is not filled yet`, lack: "unfilled" };
    case "absent":
      return { says: `${at} answers and has no index yet`, lack: "unfilled" };
    case "away":
      return { says: `${at} cannot be used: ${state.reason}`, lack: "away" };
  }
}

/** Why a process that runs search cannot answer searches; undefined where its index can. */
export async function searchIndexLack(
  config: Config,
  { services }: Pick<Share, "services">,
): Promise<string | undefined> {
  if (!services.includes("search")) return undefined;
  const { says, lack } = await searchIndexOf(config);
  return lack && says;
}
