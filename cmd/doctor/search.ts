import type { Config } from "../../src/kernel/config/load.ts";
import { type Finding, ok, warn } from "../../src/kernel/doctor/finding.ts";
import { searchIndexOf } from "../compose/search-index.ts";

const mends = {
  away: "start it, or correct KINORA_ELASTICSEARCH_URL; until then searches are refused, and all else works",
  unfilled: "start Kinora, which fills it; until then searches are refused, and all else works",
} as const;

/** Checks that the configured Elasticsearch answers and its index is filled; only searches need it. */
export async function searchCheck(config: Config): Promise<Finding> {
  const { says, lack } = await searchIndexOf(config);
  return lack === undefined ? ok("search", says) : warn("search", says, mends[lack]);
}
