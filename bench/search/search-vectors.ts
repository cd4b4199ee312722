import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "#kernel/log/port";
import { startPostgres } from "#kernel/postgres/postgres";
import { EmbeddingsEndpoint } from "#services/search/embeddings/endpoint";
import { fusion } from "#services/search/embeddings/fusion";
import type { TextEmbeddings } from "#services/search/embeddings/port";
import { cosine, storedVector } from "#services/search/embeddings/stored-vector";
import { migrations } from "#services/search/migrations";
import * as vectorStore from "#services/search/embeddings/vector-store";
import type { Tables } from "#services/search/store";
import { openDb } from "#kernel/db/pool";
import { schemaOf } from "#kernel/db/tables";
import { sql } from "kysely";
import { random } from "../words.ts";
import { HashedEmbeddings } from "./hashed-embeddings.ts";
import { median } from "../record.ts";
import { mean, ndcg, recall, type Retrieval } from "./text-retrieval.ts";

const depth = 100;
const signal = new AbortController().signal;

/** As searches use it: the model that is configured, where one is. */
function configuredEmbeddings(): TextEmbeddings | undefined {
  const { KINORA_EMBEDDINGS_URL: url, KINORA_EMBEDDINGS_MODEL: model = "" } = process.env;
  const { KINORA_EMBEDDINGS_QUERY_PREFIX: queryPrefix = "", KINORA_EMBEDDINGS_DOCUMENT_PREFIX: documentPrefix = "" } =
    process.env;
  const apiKey = process.env["KINORA_EMBEDDINGS_API_KEY"];
  if (url === undefined) return undefined;
  return new EmbeddingsEndpoint({ url, model, queryPrefix, documentPrefix, ...(apiKey && { apiKey }) }, silentLog);
}

/**
 * Rows of how well vectors rank texts, by themselves and fused with the lists of words: of hashed n-grams, and of the model
 * that `KINORA_EMBEDDINGS_URL` and its settings name.
 */
export async function vectorRows(
  { texts, questions }: Retrieval,
  worded: readonly (readonly number[])[],
): Promise<string[]> {
  const read = texts.map(({ title, text }) => `${title}\n${text}`);
  const rows: string[] = [];
  for (const embeddings of [new HashedEmbeddings(read), configuredEmbeddings()]) {
    if (!embeddings) continue;
    const vectors = await allOf(embeddings, read, "document");
    const questionVectors = await allOf(
      embeddings,
      questions.map(({ text }) => text),
      "query",
    );
    const near = questionVectors.map((questionVector) =>
      vectors
        .map((vector, n) => ({ id: texts[n]?.id ?? 0, similarity: cosine(questionVector, vector) }))
        .toSorted((a, b) => b.similarity - a.similarity)
        .slice(0, depth)
        .map(({ id }) => id),
    );
    const fused = near.map((ids, n) => fusion([worded[n] ?? [], ids]).slice(0, depth));
    for (const [what, lists] of [
      ["alone", near],
      ["fused with words by reciprocal rank", fused],
    ] as const) {
      const gain = mean(lists.map((ids, n) => ndcg(ids, questions[n]?.answers ?? new Set(), 10)));
      const recalled = mean(lists.map((ids, n) => recall(ids, questions[n]?.answers ?? new Set(), depth)));
      rows.push(`| | nDCG@10, ${embeddings.model} ${what} | ${gain.toFixed(4)} | Recall@100 ${recalled.toFixed(4)} |`);
    }
  }
  return rows;
}

async function allOf(embeddings: TextEmbeddings, texts: readonly string[], role: "query" | "document") {
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += 32)
    vectors.push(...(await embeddings.embed(texts.slice(at, at + 32), role, signal)));
  // As precise as they are stored.
  return vectors.map((vector) => storedVector(vector).bytes);
}

const videoCount = 100_000;
const scanDimensions = 384;

/** The videos nearest to a vector, of so many: what a search by meaning costs beside its model. */
export async function scanRow(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-vectors-"));
  try {
    await using postgres = await startPostgres(folder);
    const address = { host: postgres.socket, user: postgres.user, database: "postgres" };
    await using db = openDb<Tables>(address, { service: "search" });
    await db.tx(async (tx) => {
      await sql.raw(`CREATE SCHEMA ${schemaOf("search")}`).execute(tx);
      await sql`CREATE TABLE search.documents AS
        SELECT 1::smallint AS kind, n::bigint AS id, true AS is_visible FROM generate_series(1, ${videoCount}::integer) n`.execute(
        tx,
      );
      // The last tables need none of the others.
      for (const statement of (migrations.at(-1) ?? "").split(";")) await sql.raw(statement).execute(tx);
    });
    for (let from = 0; from < videoCount; from += 1_000)
      await db.tx((tx) =>
        vectorStore.put(
          tx,
          "random",
          Array.from({ length: 1_000 }, (_, n) => videoOf(from + n + 1)),
        ),
      );
    await sql`VACUUM ANALYZE search.video_vectors`.execute(db);
    const times: number[] = [];
    for (let n = 0; n < 60; n++) {
      const { signs } = storedVector(randomVector());
      const beganAt = performance.now();
      await vectorStore.nearest(db, "random", signs, 400);
      if (n >= 10) times.push(performance.now() - beganAt);
    }
    const { rows } = await sql<{
      bytes: number;
    }>`SELECT pg_total_relation_size('search.video_vectors') AS bytes`.execute(db);
    const size = ((rows[0]?.bytes ?? 0) / 1e6).toFixed(0);
    return `The 400 nearest of ${videoCount.toLocaleString("en")} vectors of ${scanDimensions} numbers, by their signs: ${median(times).toFixed(1)} ms in PostgreSQL (${Math.max(...times).toFixed(1)} ms at most), ${size} MB of disk.`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const randomVector = () => Float32Array.from({ length: scanDimensions }, () => random() - 0.5);
const videoOf = (videoId: number) => ({
  videoId,
  textHash: `hash of video ${videoId}`,
  vector: storedVector(randomVector()),
});
