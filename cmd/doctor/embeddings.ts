import type { Config } from "../../src/kernel/config/load.ts";
import { type Finding, ok, warn } from "../../src/kernel/doctor/finding.ts";
import { silentLog } from "../../src/kernel/log/port.ts";
import { reasonOf } from "../../src/kernel/outgoing/configured.ts";
import { EmbeddingsEndpoint } from "../../src/services/search/embeddings/endpoint.ts";
import { EmbeddingsUnavailable, TextRefused } from "../../src/services/search/embeddings/port.ts";
import { Settings } from "../../src/services/search/settings.ts";
import { settingsOf } from "../compose/service-settings.ts";

const answerMs = 10_000;
const mend =
  "start it, or correct KINORA_EMBEDDINGS_URL and KINORA_EMBEDDINGS_MODEL; until then searches find words alone";

/** Checks that the configured embedding model makes vectors; empty if none is configured. */
export async function embeddingsCheck(config: Config): Promise<Finding[]> {
  const { embeddings } = Settings.parse(settingsOf(config, "search"));
  if (!embeddings) return [];
  const named = `${embeddings.model} at ${new URL(embeddings.url).host}`;
  try {
    const endpoint = new EmbeddingsEndpoint(embeddings, silentLog);
    const [vector] = await endpoint.embed(["search"], "query", AbortSignal.timeout(answerMs));
    return [ok("embeddings", `${named} answers with vectors of ${vector?.length ?? 0} numbers`)];
  } catch (error) {
    if (!(error instanceof EmbeddingsUnavailable || error instanceof TextRefused)) throw error;
    return [warn("embeddings", `${named} cannot be used: ${reasonOf(error)}`, mend)];
  }
}
