import type { Id } from "#kernel";
import type { Db as Database } from "#kernel/db/port";
import { trustOf } from "../model/trust.ts";
import { xorshift } from "../model/trained-model.ts";
import type { RecallSettings } from "../recall/filter.ts";
import type { Db, Tables } from "../store.ts";
import { comparisonOf, type ListAccuracy } from "./comparison.ts";
import { type Estimate, Estimator } from "./estimate.ts";
import * as store from "./evaluation-store.ts";
import { asServed, highestScoreFirst, mostWatchedFirst } from "./orders.ts";
import type { Signal } from "../signals/signal.ts";
import { outcomesOf, youngestPageMs } from "./outcomes.ts";
import { placesOf } from "./places.ts";
import { splitOf } from "./split.ts";
import { watchersOf } from "./watchers.ts";

/** The figures about an instance's recommendations, computed from its log. */
export interface Evaluation {
  readonly signals: number;
  /** Older signals were left out. */
  readonly isCut: boolean;
  readonly users: number;
  readonly videos: number;
  readonly lists: {
    /** Users with a test. */
    readonly users: number;
    readonly rows: readonly ListAccuracy[];
  };
  readonly pages: { readonly count: number; readonly firstMs: number; readonly lastMs: number };
  readonly orders: readonly { readonly order: string; readonly estimate: Estimate }[];
  readonly models: readonly ModelEstimate[];
}
interface ModelEstimate {
  readonly modelId: Id | null;
  /** The percentage of viewers that have this model now. */
  readonly share: number;
  readonly pages: number;
  readonly estimate: Estimate;
}

/** The latest signals that are looked at; a million takes some 300 MB. */
const signalsMax = 1_000_000;
const signalsPerBatch = 20_000;
const pagesPerBatch = 2_000;
/** Below this trust an account teaches models nothing, and is no test of them. */
const trustMin = 0.5;
/** The same log has the same figures each time. */
const seed = 7;

/** Evaluates the feed by its log. Reads one snapshot, and writes nothing. */
export const evaluationOf = async (
  db: Database<Tables>,
  nowMs: number,
  options: { readonly signalsMax?: number } = {},
): Promise<Evaluation> => {
  const { read, log } = await db.moment(async (reader) => {
    const everything = await readOf(reader, options.signalsMax ?? signalsMax);
    return { read: everything, log: await pageLogOf(reader, everything, nowMs) };
  });
  const random = xorshift(seed);
  const publishedAt = new Map(read.videos.map(({ videoId, publishedAtMs }) => [videoId, publishedAtMs]));
  const split = splitOf(selectTestSignals(read, nowMs));
  const [model] = read.models.filter(({ share }) => share > 0);
  return {
    signals: read.signals,
    isCut: read.isCut,
    users: read.ofUsers.size,
    videos: read.videos.length,
    lists: {
      users: split.later.filter(({ size }) => size > 0).length,
      rows: comparisonOf(split, {
        settings: model && (JSON.parse(model.settings) as RecallSettings), // As the trainer stored them.
        publishedAtMs: (videoId) => publishedAt.get(videoId) ?? 0,
        random,
      }),
    },
    pages: log.pages,
    orders: [...log.orders].map(([order, estimator]) => ({ order, estimate: estimator.estimate(random) })),
    models: [...log.models].map(([modelId, { pages, estimator }]) => ({
      modelId,
      share: read.models.find(({ id }) => id === modelId)?.share ?? 0,
      pages,
      estimate: estimator.estimate(random),
    })),
  };
};

interface LoggedData {
  readonly ofUsers: Map<Id, Signal[]>;
  readonly signals: number;
  /** Older signals were left out. */
  readonly isCut: boolean;
  readonly sinceMs: number;
  readonly videos: store.KnownVideo[];
  readonly models: store.TrainedModelRow[];
}

/** Everything but the pages, which are looked at one after the other. */
async function readOf(db: Db, most: number): Promise<LoggedData> {
  const cutMs = await store.changedAtOfLast(db, most);
  const sinceMs = cutMs ?? -1;
  const ofUsers = new Map<Id, Signal[]>();
  let [last, signals] = [{ userId: 0, videoId: 0 }, 0];
  for (;;) {
    const rows = await store.signalsBehind(db, last, { sinceMs, limit: signalsPerBatch });
    for (const row of rows) {
      const signalsOfUser = ofUsers.get(row.userId) ?? [];
      signalsOfUser.push(row);
      ofUsers.set(row.userId, signalsOfUser);
    }
    signals += rows.length;
    last = rows.at(-1) ?? last;
    if (rows.length < signalsPerBatch) break;
  }
  const [videos, models] = [await store.videos(db), await store.models(db)];
  return { ofUsers, signals, isCut: cutMs !== undefined, sinceMs, videos, models };
}

/** Signals about public videos, of accounts that teach models: those are what a list is compared with. */
function* selectTestSignals({ ofUsers, videos }: LoggedData, nowMs: number): Iterable<readonly Signal[]> {
  const visible = videos.filter(({ isVisible }) => isVisible);
  const visibleIds = new Set(visible.map(({ videoId }) => videoId));
  const siteSinceMs = visible.reduce((first, { publishedAtMs }) => Math.min(first, publishedAtMs), nowMs);
  for (const [userId, signals] of ofUsers)
    if (trustOf(userId, { nowMs, siteSinceMs }) >= trustMin)
      yield signals.filter(({ videoId }) => visibleIds.has(videoId));
}

/** Goes through the log, and adds each place to the estimates. */
async function pageLogOf(db: Db, { ofUsers, videos, sinceMs }: LoggedData, nowMs: number) {
  const authors = new Map(videos.map(({ videoId, userId }) => [videoId, userId]));
  const orderOf = {
    "as served": asServed,
    "highest score first": highestScoreFirst,
    "most watched first": mostWatchedFirst(watchersOf([...ofUsers.values()].flat())),
  };
  const orders = new Map(Object.keys(orderOf).map((name) => [name, new Estimator()]));
  const models = new Map<Id | null, { pages: number; readonly estimator: Estimator }>();
  const pages = { count: 0, firstMs: Number.POSITIVE_INFINITY, lastMs: 0 };

  function add(userPages: readonly store.PlacedPage[]): void {
    const [{ userId } = { userId: 0 }] = userPages;
    // Pages of users who keep no history are skipped, as their outcome is unknown.
    const signals = ofUsers.get(userId);
    if (!signals) return;
    const outcome = outcomesOf(userPages, signals);
    for (const [n, page] of userPages.entries()) {
      const ofModel = models.get(page.modelId) ?? { pages: 0, estimator: new Estimator() };
      models.set(page.modelId, ofModel);
      ofModel.pages++;
      pages.count++;
      pages.firstMs = Math.min(pages.firstMs, page.servedAtMs);
      pages.lastMs = Math.max(pages.lastMs, page.servedAtMs);
      for (const place of placesOf(page, (videoId) => authors.get(videoId))) {
        const utility = outcome(n, place.videoId);
        ofModel.estimator.add({ userId, weight: 1, utility });
        for (const [name, order] of Object.entries(orderOf))
          orders.get(name)?.add({ userId, weight: order(place), utility });
      }
    }
  }

  let userPages: store.PlacedPage[] = [];
  let last: Parameters<typeof store.pagesBehind>[1] = { userId: 0, servedAtMs: 0, id: 0 };
  for (;;) {
    const rows = await store.pagesBehind(db, last, { sinceMs, untilMs: nowMs - youngestPageMs, limit: pagesPerBatch });
    for (const row of rows) {
      if (userPages[0] && userPages[0].userId !== row.userId) {
        add(userPages);
        userPages = [];
      }
      userPages.push(row);
    }
    last = rows.at(-1) ?? last;
    if (rows.length < pagesPerBatch) break;
  }
  if (userPages.length > 0) add(userPages);
  return { orders, models, pages };
}
