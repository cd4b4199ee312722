import type { Host } from "#kernel";
import type { SearchBackend } from "../backend/port.ts";
import { feedJobOf } from "../documents/feed-job.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { EmbeddingsEndpoint } from "./endpoint.ts";
import { createFusedBackend } from "./fused-backend.ts";
import { createNearVideos } from "./near-videos.ts";
import { EmbeddingsUnavailable, TextRefused } from "./port.ts";
import { QueryVectors } from "./query-vectors.ts";
import { VectorFeed } from "./vector-feed.ts";

type Parts = Pick<Host<Tables, Settings>, "db" | "jobs" | "log" | "now" | "settings">;

/** Search by meaning, where an embedding model is configured: the same backend elsewhere. */
export function createEmbeddings({ db, jobs, log, now, settings }: Parts, backend: SearchBackend) {
  const embeddings = settings.embeddings && new EmbeddingsEndpoint(settings.embeddings, log);
  const feed = feedJobOf(
    { db, jobs },
    {
      jobKind: "embed_videos",
      schedule: "search.embeddings",
      feed: embeddings && new VectorFeed(db, embeddings),
      // The threshold is of texts that every model takes: where these are refused, the model is another one than it should be.
      isAway: (error) => error instanceof EmbeddingsUnavailable || error instanceof TextRefused,
      awayMs: 15_000,
      awayReason: "the embedding model is away",
    },
  );
  if (!embeddings) return { backend, ...feed };
  const near = createNearVideos(db, embeddings.model, new QueryVectors(embeddings, now));
  return { backend: createFusedBackend(backend, near), ...feed };
}
