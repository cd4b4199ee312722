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

const { feed, hot, videos, related } = recommend.methods;
const batch = 100;
const start = readPosition(undefined);

/**
 * Feeds and lists while recommend is unavailable: the newest videos. The cursor of a feed goes on from wherever it was,
 * also back at recommend. Other lists have one page then, and none where they were asked for some videos alone.
 */
export function createNewestHooks(method: Method, client: ClientOf, metrics: Metrics): RouteHooks {
  const newest = createNewest(client);
  if (method === feed) return { instead: createFeed(newest, metrics) };
  if (method === hot)
    return {
      async instead(input: Input, call: Call) {
        const { ids } = await newest(start, hot.input.parse(input).limit, call);
        return { items: ids.map(itemOf), next: null };
      },
    };
  if (method === related)
    return {
      async instead(input: Input, call: Call) {
        const { id, limit } = related.input.parse(input);
        const { ids } = await newest(start, limit + 1, call);
        return {
          items: ids
            .filter((videoId) => videoId !== id)
            .slice(0, limit)
            .map(itemOf),
        };
      },
    };
  return method === videos ? { instead: createList(newest) } : {};
}

/** The newest public videos that a position has not had, and the position behind them. */
type Newest = (
  position: FeedPosition,
  count: number,
  call: Call,
) => Promise<{ readonly ids: Id[]; readonly next: FeedPosition | null }>;

function createNewest(client: ClientOf): Newest {
  return async (position, count, call) => {
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
  };
}

function createFeed(newest: Newest, metrics: Metrics) {
  const pages = metrics.counter(metricName(feedPages.service, feedPages.name), feedPages.help, feedPages.labels);
  return async (input: Input, call: Call) => {
    const { cursor, limit } = feed.input.parse(input);
    const position = readPosition(cursor);
    const { ids, next } = await newest(position, limit, call);
    pages.add(1, { rung: "newest" satisfies FeedRung, model: "none" });
    // Taken out of order, so that the feed is the viewer's own again once recommend is back.
    const after = next && hasRoomFor(position, ids.length) ? addServed(position, ids) : next;
    return { items: ids.map(itemOf), next: after && writePosition(after) };
  };
}

/** The first page of the list of all videos. */
const createList = (newest: Newest) => async (input: Input, call: Call) => {
  const { sort: _, cursor, skip, limit, count, ...filters } = videos.input.parse(input);
  if (cursor !== undefined || skip > 0 || Object.values(filters).some((value) => value !== undefined)) return undefined;
  const { ids } = await newest(start, limit, call);
  return { items: ids.map((videoId) => ({ videoId })), next: null, ...(count && { total: ids.length }) };
};

const itemOf = (videoId: Id) => ({ videoId, reason: "fresh" as const, tag: null });
