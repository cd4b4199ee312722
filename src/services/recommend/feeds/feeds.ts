import { type Call, callerOf, type Host } from "#kernel";
import { readCursor, writeCursor } from "#kernel/cursor";
import { feedStart, readPosition } from "#policy/feed-position";
import type { z } from "zod";
import type { FeedItem, recommend } from "../contract.ts";
import type { FindExclusions } from "../exclusions/exclusions.ts";
import type { Models } from "../model/models.ts";
import type { Memory } from "../memory.ts";
import type { Settings } from "../settings.ts";
import * as store from "../store.ts";
import * as feedStore from "./feed-store.ts";
import { createFollows } from "./follows.ts";
import { createForYou } from "./for-you.ts";
import type { FeedCounters } from "./feed-counters.ts";
import type { PageLog } from "./page-log.ts";
import { createServedVideos } from "./served.ts";

type Item = z.output<typeof FeedItem>;
type FeedInput = z.output<(typeof recommend)["methods"]["feed"]["input"]>;
type BeforeInput = z.output<(typeof recommend)["methods"]["before"]["input"]>;

type FeedHost = Pick<
  Host<store.Tables, Settings>,
  "db" | "client" | "call" | "cache" | "log" | "now" | "random" | "settings"
>;

/** The parts that feeds are made of. */
export interface FeedParts {
  readonly findExclusions: FindExclusions;
  readonly memory: Memory;
  readonly models: Models;
  readonly pageLog: PageLog;
  readonly counters: FeedCounters;
}

/** Feeds: for a viewer or for everybody, of followed authors, and the hottest. */
export function createFeeds(host: FeedHost, { findExclusions, memory, models, pageLog, counters }: FeedParts) {
  const { db, client, call: newCall, cache, log } = host;
  const served = createServedVideos(cache);
  const follows = createFollows({ client, call: newCall, log });
  const feedPage = createForYou(host, { memory, models, pageLog, counters, follows });

  return {
    async feed({ cursor, limit }: FeedInput, call: Call) {
      const position = readPosition(cursor);
      const page = await feedPage(position, limit, await findExclusions(call), call);
      await served.add(call.userId, page.items);
      return page;
    },

    async hot({ cursor, limit }: FeedInput, call: Call) {
      const page = { cursor, limit, skip: 0, count: false };
      const { items: rows, next } = await feedStore.hottest(db.read(call), await findExclusions(call), page);
      const items = rows.map(({ videoId }): Item => ({ videoId, reason: "hot", tag: null }));
      await served.add(call.userId, items);
      return { items, next };
    },

    async following({ cursor, limit }: FeedInput, call: Call) {
      const userId = callerOf(call);
      const [publishedAtMs = 0, videoId = 0] = cursor === undefined ? [] : readCursor(cursor, 2);
      const after = cursor === undefined ? undefined : { publishedAtMs, videoId };
      const [{ userIds: authorIds }, exclusions] = await Promise.all([follows.of(userId, call), findExclusions(call)]);
      const rows = await feedStore.latestOf(db.read(call), authorIds, after, exclusions, limit + 1);
      const items = rows.slice(0, limit).map((row): Item => ({ videoId: row.videoId, reason: "follow", tag: null }));
      const last = rows[limit - 1];
      const next = rows.length > limit && last ? writeCursor([last.publishedAtMs, last.videoId]) : null;
      await served.add(userId, items);
      return { items, next };
    },

    async followedAuthors({ limit }: { readonly limit: number }, call: Call) {
      const [{ userIds: authorIds }, exclusions] = await Promise.all([
        follows.of(callerOf(call), call),
        findExclusions(call),
      ]);
      return { items: await feedStore.latestPublishers(db.read(call), authorIds, exclusions, limit) };
    },

    async refresh({ limit }: { readonly limit: number }, call: Call) {
      const userId = callerOf(call);
      const [exclusions, servedIds] = await Promise.all([findExclusions(call), served.of(userId)]);
      const { items } = await feedPage(
        feedStart,
        limit,
        { ...exclusions, videoIds: [...exclusions.videoIds, ...servedIds] },
        call,
      );
      await served.add(userId, items);
      return { items };
    },

    async before({ beforeMs, limit }: BeforeInput, call: Call) {
      const rows = await store.publishedBefore(db.read(call), beforeMs, await findExclusions(call), limit + 1);
      const nextRow = rows[limit];
      // Videos of one instant may fill more than a page, which then is cut.
      const whole = rows.slice(0, limit).filter(({ publishedAtMs }) => publishedAtMs !== nextRow?.publishedAtMs);
      return { items: whole.length > 0 ? whole : rows.slice(0, limit) };
    },
  };
}
