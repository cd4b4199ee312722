import { type Call, callerOf, type Host } from "#kernel";
import { readCursor, writeCursor } from "#kernel/cursor";
import { hotScoreOf } from "#policy/hot-score";
import type { z } from "zod";
import type { FeedItem, recommend } from "../contract.ts";
import type { Exclusions } from "../exclusions/exclusion-store.ts";
import type { exclusionsOf } from "../exclusions/exclusions.ts";
import { followsOf } from "./follows.ts";
import { type FeedPosition, feedStart, mixOf, readPosition, rowsFor } from "./feed-mix.ts";
import * as feedStore from "./feed-store.ts";
import { servedOf } from "./served.ts";
import * as store from "../store.ts";

type Item = z.output<typeof FeedItem>;
type FeedInput = z.output<(typeof recommend)["methods"]["feed"]["input"]>;
type BeforeInput = z.output<(typeof recommend)["methods"]["before"]["input"]>;

/** A video is hot in a feed from this value of its score on: with what it begins with, six views within a day. */
export const hotValueMin = 10;

type FeedHost = Pick<Host<store.Tables>, "db" | "client" | "call" | "cache" | "log" | "now">;

/** Feeds: for everybody, of followed authors, and the hottest. */
export function feedsOf(
  { db, client, call: newCall, cache, log, now }: FeedHost,
  exclusions: ReturnType<typeof exclusionsOf>,
) {
  const served = servedOf(cache);
  const follows = followsOf({ client, call: newCall, log });

  /** A page of the feed behind a position, without these videos. */
  async function feedPage(position: FeedPosition, limit: number, left: Exclusions, call: Call) {
    const reader = db.read(call);
    const wanted = rowsFor(limit, position);
    const scoreMin = hotScoreOf(hotValueMin, now());
    const [fresh, hot] = await Promise.all([
      feedStore.fresh(reader, position, left, wanted.fresh),
      feedStore.hot(reader, position, left, { limit: wanted.hot, scoreMin }),
    ]);
    const { items, next } = mixOf(position, { fresh, hot }, limit);
    const authors = new Map([...fresh, ...hot].map(({ videoId, userId }) => [videoId, userId]));
    const authorIds = items.flatMap(({ videoId }) => authors.get(videoId) ?? []);
    const followed = await follows.among(authorIds, call);
    const reasonOf = ({ videoId, isHot }: (typeof items)[number]): Item["reason"] =>
      followed.has(authors.get(videoId) ?? 0) ? "follow" : isHot ? "hot" : "fresh";
    return { items: items.map((item): Item => ({ videoId: item.videoId, reason: reasonOf(item) })), next };
  }

  return {
    async feed({ cursor, limit }: FeedInput, call: Call) {
      const position = readPosition(cursor);
      const page = await feedPage(position, limit, await exclusions(call), call);
      await served.add(call.userId, page.items);
      return page;
    },

    async hot({ cursor, limit }: FeedInput, call: Call) {
      const page = { cursor, limit, skip: 0, count: false };
      const { items: rows, next } = await feedStore.hottest(db.read(call), await exclusions(call), page);
      const items = rows.map(({ videoId }): Item => ({ videoId, reason: "hot" }));
      await served.add(call.userId, items);
      return { items, next };
    },

    async following({ cursor, limit }: FeedInput, call: Call) {
      const userId = callerOf(call);
      const [publishedAtMs = 0, videoId = 0] = cursor === undefined ? [] : readCursor(cursor, 2);
      const after = cursor === undefined ? undefined : { publishedAtMs, videoId };
      const [authorIds, left] = await Promise.all([follows.of(userId, call), exclusions(call)]);
      const rows = await feedStore.latestOf(db.read(call), authorIds, after, left, limit + 1);
      const items = rows.slice(0, limit).map((row): Item => ({ videoId: row.videoId, reason: "follow" }));
      const last = rows[limit - 1];
      const next = rows.length > limit && last ? writeCursor([last.publishedAtMs, last.videoId]) : null;
      await served.add(userId, items);
      return { items, next };
    },

    async followedAuthors({ limit }: { readonly limit: number }, call: Call) {
      const [authorIds, left] = await Promise.all([follows.of(callerOf(call), call), exclusions(call)]);
      return { items: await feedStore.latestPublishers(db.read(call), authorIds, left, limit) };
    },

    async refresh({ limit }: { readonly limit: number }, call: Call) {
      const userId = callerOf(call);
      const [left, servedIds] = await Promise.all([exclusions(call), served.of(userId)]);
      const { items } = await feedPage(feedStart, limit, { ...left, videoIds: [...left.videoIds, ...servedIds] }, call);
      await served.add(userId, items);
      return { items };
    },

    async before({ beforeMs, limit }: BeforeInput, call: Call) {
      const rows = await store.publishedBefore(db.read(call), beforeMs, await exclusions(call), limit + 1);
      const nextRow = rows[limit];
      // One instant may have more videos than a page, which then is cut.
      const whole = rows.slice(0, limit).filter(({ publishedAtMs }) => publishedAtMs !== nextRow?.publishedAtMs);
      return { items: whole.length > 0 ? whole : rows.slice(0, limit) };
    },
  };
}
