import type { Call, Id, Method } from "#kernel";
import { metricName } from "#kernel/telemetry/names";
import type { Metrics } from "#kernel/telemetry/port";
import { feedPages, type FeedRung } from "#policy/feed-pages";
import {
  hasRoomFor,
  type FeedPosition,
  wasServed,
  readPosition,
  addServed,
  writePosition,
} from "#policy/feed-position";
import { recommend } from "#services/recommend/contract";
import { video } from "#services/video/contract";
import type { ClientOf } from "../client-of.ts";
import type { Input, RouteHooks } from "../pipeline.ts";

const { feed, hot } = recommend.methods;

/**
 * Feeds while recommend is unavailable: the newest videos that the feed has not had. Its cursor goes on from wherever it
 * was, also back at recommend. A list of hot ones has one page then.
 */
export function createNewestHooks(method: Method, client: ClientOf, metrics: Metrics): RouteHooks {
  if (method !== feed && method !== hot) return {};
  const pages = metrics.counter(metricName(feedPages.service, feedPages.name), feedPages.help, feedPages.labels);
  return {
    async instead(input: Input, call: Call) {
      const { cursor, limit } = feed.input.parse(input);
      if (method === hot) {
        const { ids } = await newest(readPosition(undefined), limit);
        return { items: ids.map(itemOf), next: null };
      }
      const position = readPosition(cursor);
      const { ids, next } = await newest(position, limit);
      pages.add(1, { rung: "newest" satisfies FeedRung, model: "none" });
      // Taken out of order, so that the feed is the viewer's own again once recommend is back.
      const after = next && hasRoomFor(position, ids.length) ? addServed(position, ids) : next;
      return { items: ids.map(itemOf), next: after && writePosition(after) };

      async function newest(position: FeedPosition, count: number) {
        const ids: Id[] = [];
        for (let { after } = position; ; ) {
          const { items } = await client(video).newest({ limit: batch, ...(after && { after }) }, call);
          for (const item of items) {
            if (ids.length === count) return { ids, next: { ...position, after } };
            if (!wasServed(position, item.videoId)) ids.push(item.videoId);
            after = item;
          }
          if (items.length < batch) return { ids, next: null };
        }
      }
    },
  };
}

const batch = 100;
const itemOf = (videoId: Id) => ({ videoId, reason: "fresh" as const, tag: null });
