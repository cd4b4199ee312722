import { type Call, type Id, KinoraError } from "#kernel";
import { recommend } from "#services/recommend/contract";
import { video } from "#services/video/contract";
import type { ClientOf } from "../../client-of.ts";

interface Published {
  readonly videoId: Id;
  readonly publishedAtMs: number;
}

const feedMax = 30;

/** Videos of the feed; the newest of all while recommend is away, as the feed of the REST API has them. */
export async function publishedBefore(
  client: ClientOf,
  beforeMs: number | undefined,
  call: Call,
): Promise<Published[]> {
  try {
    const input = { limit: feedMax, ...(beforeMs !== undefined && { beforeMs }) };
    return (await client(recommend).before(input, call)).items;
  } catch (error) {
    if (!(error instanceof KinoraError) || !error.retryable || call.signal.aborted) throw error;
    // No id is lower than 1, so that videos published at this very time are left out.
    const after = beforeMs === undefined ? {} : { after: { publishedAtMs: beforeMs, videoId: 1 } };
    return (await client(video).newest({ limit: feedMax, ...after }, call)).items;
  }
}
