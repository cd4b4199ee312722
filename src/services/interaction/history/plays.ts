import { BadToken } from "#policy/account";
import { type ViewSource, videoViewed, videoWatched } from "#events/interaction";
import { Group, type Host, type Id, type Tx } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import { plausibleWatchMs } from "#policy/persons";
import { VideoNotFound } from "#services/video/contract";
import { slotMs, slotOf } from "./view-count.ts";
import { saveProgress, withoutHistory } from "./watch-store.ts";
import type { Tables } from "../store.ts";
import { dayOf } from "../analytics/day-store.ts";
import * as playStore from "../analytics/play-store.ts";
import type { Watched } from "../analytics/ranges.ts";

/** A report of what a viewer watched. */
export interface Play {
  readonly videoId: Id;
  /** The viewer who counts once in half an hour. */
  readonly viewer: string;
  readonly userId: Id | undefined;
  readonly atMs: number;
  readonly lengthMs: number;
  readonly positionMs: number;
  readonly durationMs: number;
  readonly finished: boolean;
  /** Enough was watched for a view. */
  readonly isView: boolean;
  readonly watched: Watched;
  readonly source: ViewSource;
  readonly site: string | undefined;
  readonly traceId: string;
}

/** Embedding sites of a video that are counted by name on one day; the views on further ones have no name. */
export const sitesMax = 50;

/** Stores reports. Concurrent reports are written together: each table once, with the sums of all. */
export const createPlays = ({ db, emitAll }: Pick<Host<Tables>, "db" | "emitAll">) =>
  new Group<Tables, Play, void>(
    db,
    async (tx, reports) => {
      const userIds = reports.flatMap(({ userId }) => userId ?? []);
      if (userIds.length > 0 && (await deletedAmong(tx, userIds)).size > 0) throw BadToken({});
      const { viewKeys, isDeleted } = await playStore.addViews(
        tx,
        reports.filter(({ isView }) => isView).map(viewOf),
        reports.map(({ videoId }) => videoId),
      );
      if (isDeleted) throw VideoNotFound({});
      const plays = await plausiblePlays(tx, reports);
      // The first of two equal plays in a batch is the view.
      const views = plays.filter((play) => play.isView && viewKeys.delete(playStore.viewKey(viewOf(play))));
      const days = daysOf(plays, new Set(views));
      const embeddedOn = days.filter(({ hasSites }) => hasSites);
      const sites = embeddedOn.length === 0 ? [] : await playStore.sitesOf(tx, embeddedOn);
      await playStore.raiseSums(tx, {
        days,
        retention: days.flatMap(({ video_id, day, measured: view_count, watched }) =>
          watched ? [{ video_id, day, view_count, watched }] : [],
        ),
        sources: sourcesOf(views, sites),
      });
      await saveProgress(tx, progressOf(plays));
      await emitAll(
        tx,
        videoViewed,
        views.map(({ videoId, userId, positionMs, durationMs, finished, traceId }) => ({
          key: videoId,
          payload: { videoId, positionMs, durationMs, finished, ...(userId !== undefined && { userId }) },
          traceId,
        })),
      );
      const leftOut = await withoutHistory(tx, userIds);
      await emitAll(
        tx,
        videoWatched,
        plays.flatMap(({ videoId, userId, watched, positionMs, lengthMs, finished, source, atMs, traceId }) => {
          if (userId === undefined || leftOut.has(userId)) return [];
          const payload = { videoId, userId, watchedMs: watched.ms, positionMs, lengthMs, finished, source, atMs };
          return [{ key: videoId, payload, traceId }];
        }),
      );
      return plays.map(() => undefined);
    },
    { lanes: 1 },
  );

/** Reports with as much watching as their viewers can have done (security S3.4). */
async function plausiblePlays(tx: Tx<Tables>, reports: readonly Play[]): Promise<Play[]> {
  const watching = reports.filter(({ watched }) => watched.ms > 0);
  if (watching.length === 0) return [...reports];
  const credits = new Map(
    watching.map((play) => [playStore.viewKey(viewOf(play)), { ...creditKeyOf(play), credited_ms: 0 }]),
  );
  for (const credit of await playStore.creditsOf(tx, [...credits.values()]))
    credits.set(playStore.viewKey(credit), { ...credit });
  const plays = reports.map((play) => {
    const credit = credits.get(playStore.viewKey(viewOf(play)));
    if (!credit) return play;
    const { watched, lengthMs } = play;
    const ms = plausibleWatchMs(watched.ms, { lengthMs, periodMs: slotMs, creditedMs: credit.credited_ms });
    credit.credited_ms += ms;
    // The retention curve has whole reports alone.
    return ms === watched.ms ? play : { ...play, watched: { ...watched, ms, parts: undefined } };
  });
  await playStore.putCredits(tx, [...credits.values()]);
  return plays;
}

const creditKeyOf = ({ videoId: video_id, viewer, atMs }: Play) => ({ video_id, viewer, slot: slotOf(atMs) });

const viewOf = ({ videoId, viewer, atMs }: Play) => ({
  video_id: videoId,
  viewer,
  slot: slotOf(atMs),
  seen_at_ms: atMs,
});

interface DaySum {
  readonly video_id: Id;
  readonly day: number;
  view_count: number;
  watch_ms: number;
  /** Views whose reports had ranges. */
  measured: number;
  watched: number[] | undefined;
  hasSites: boolean;
}

/** The sums of reports by video and day, in one order. Pure. */
function daysOf(plays: readonly Play[], views: ReadonlySet<Play>): DaySum[] {
  const days = new Map<string, DaySum>();
  for (const play of plays) {
    const { videoId: video_id, atMs, watched, site, source } = play;
    const day = dayOf(atMs);
    const key = `${video_id} ${day}`;
    const isView = views.has(play);
    if (!isView && watched.ms === 0) continue;
    const sum = days.get(key) ?? {
      video_id,
      day,
      view_count: 0,
      watch_ms: 0,
      measured: 0,
      watched: undefined,
      hasSites: false,
    };
    days.set(key, sum);
    sum.watch_ms += watched.ms;
    if (isView) {
      sum.view_count++;
      sum.hasSites ||= source === "embed" && site !== undefined;
    }
    const { parts } = watched;
    if (!parts) continue;
    if (isView) sum.measured++;
    sum.watched = sum.watched?.map((count, bucket) => count + (parts[bucket] ?? 0)) ?? [...parts];
  }
  return [...days.values()].toSorted((a, b) => a.video_id - b.video_id || a.day - b.day);
}

type SourceRow = Tables["interaction.view_sources"];

/** The sums of views by video, day, source and site, where `known` are the sites that are counted by name already. Pure. */
function sourcesOf(
  views: readonly Play[],
  namedSites: readonly Pick<SourceRow, "video_id" | "day" | "site">[],
): SourceRow[] {
  const sites = new Map<string, Set<string>>();
  const sitesOn = (video_id: Id, day: number): Set<string> => {
    const key = `${video_id} ${day}`;
    const names = sites.get(key) ?? new Set();
    sites.set(key, names);
    return names;
  };
  for (const { video_id, day, site } of namedSites) sitesOn(video_id, day).add(site);
  const rows = new Map<string, SourceRow>();
  for (const { videoId: video_id, atMs, source, site: host } of views) {
    const day = dayOf(atMs);
    const names = sitesOn(video_id, day);
    const isNamed = source === "embed" && host !== undefined && (names.has(host) || names.size < sitesMax);
    const site = isNamed ? host : "";
    if (isNamed) names.add(host);
    const key = `${video_id} ${day} ${source} ${site}`;
    const row = rows.get(key) ?? { video_id, day, source, site, view_count: 0 };
    row.view_count++;
    rows.set(key, row);
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The last position of each user in each video, in one order. Pure. */
function progressOf(plays: readonly Play[]): Tables["interaction.watches"][] {
  const rows = new Map<string, Tables["interaction.watches"]>();
  for (const { userId: user_id, videoId: video_id, isView, positionMs, lengthMs, finished, atMs } of plays)
    if (user_id !== undefined && isView)
      rows.set(`${user_id} ${video_id}`, {
        user_id,
        video_id,
        position_ms: lengthMs > 0 ? Math.min(positionMs, lengthMs) : positionMs,
        duration_ms: lengthMs,
        is_finished: finished,
        watched_at_ms: atMs,
      });
  return [...rows.values()].toSorted((a, b) => a.user_id - b.user_id || a.video_id - b.video_id);
}
