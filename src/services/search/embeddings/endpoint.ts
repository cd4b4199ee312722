import { createHash } from "node:crypto";
import type { Log } from "#kernel";
import { type ConfiguredServer, createConfiguredServer } from "#kernel/outgoing/configured";
import { z } from "zod";
import type { Settings } from "../settings.ts";
import { EmbeddingsUnavailable, type TextEmbeddings, type TextRole, TextRefused } from "./port.ts";

type Configured = NonNullable<Settings["embeddings"]>;

const Answer = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()).min(1).max(16_000) })),
});

/** Statuses that refuse the texts, while the server is fine. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * A model behind the protocol `POST /embeddings` of OpenAI, which Ollama, llama.cpp, vLLM, LM Studio and others have as well.
 * The log has its loss and its return once each.
 */
export class EmbeddingsEndpoint implements TextEmbeddings {
  readonly model: string;
  readonly #configured: Configured;
  readonly #server: ConfiguredServer;
  readonly #log: Log;
  #isAway = false;

  constructor(configured: Configured, log: Log) {
    const { url, apiKey, model, documentPrefix } = configured;
    this.#configured = configured;
    this.#server = createConfiguredServer(url, apiKey === undefined ? undefined : `Bearer ${apiKey}`);
    this.#log = log;
    this.model =
      documentPrefix === ""
        ? model
        : `${model} ${createHash("sha256").update(documentPrefix).digest("hex").slice(0, 8)}`;
  }

  async embed(texts: readonly string[], role: TextRole, signal: AbortSignal): Promise<readonly Float32Array[]> {
    const { model, queryPrefix, documentPrefix } = this.#configured;
    const prefix = role === "query" ? queryPrefix : documentPrefix;
    const body = JSON.stringify({ model, input: texts.map((text) => prefix + text), encoding_format: "float" });
    const sent = this.#server.ask({ method: "POST", path: "/embeddings", body, signal });
    const { status, text } = await sent.catch((error: unknown) => this.#away(error));
    const said = `the embedding model answered ${status}: ${text.slice(0, 500)}`;
    if (refusals.has(status)) throw new TextRefused(said);
    if (status !== 200) this.#away(new Error(said));
    const vectors = vectorsOf(text, texts.length);
    if (!vectors)
      this.#away(new Error(`the answer is something else than ${texts.length} vectors: ${text.slice(0, 200)}`));
    if (this.#isAway) this.#log.info("the embedding model is back");
    this.#isAway = false;
    return vectors;
  }

  #away(cause: unknown): never {
    if (!this.#isAway)
      this.#log.warn("the embedding model is away; searches find words alone until it is back", { err: cause });
    this.#isAway = true;
    throw new EmbeddingsUnavailable("the embedding model does not answer", { cause });
  }
}

/** As many vectors as texts, all of the same length; undefined where the answer has something else. Pure. */
function vectorsOf(text: string, count: number): readonly Float32Array[] | undefined {
  const { data } = Answer.safeParse(jsonOf(text));
  if (data?.data.length !== count) return undefined;
  const byIndex = new Map(data.data.map(({ index, embedding }) => [index, Float32Array.from(embedding)]));
  const vectors = Array.from({ length: count }, (_, index) => byIndex.get(index));
  const [first] = vectors;
  const isWhole = (vector: Float32Array | undefined) =>
    vector?.length === first?.length && vector?.every(Number.isFinite);
  return vectors.every((vector) => vector !== undefined && isWhole(vector)) ? (vectors as Float32Array[]) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
