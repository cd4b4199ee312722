import { type Call, callerOf, type Host, type Id } from "#kernel";
import { can } from "#policy/can";
import { NotYourVideo } from "#services/video/contract";
import type { ViewerAccess } from "../access.ts";
import { retentionBuckets, type VideoAnalytics } from "../contract.ts";
import type { Db, Tables } from "../store.ts";
import * as analyticsStore from "./analytics-store.ts";
import { dateOf, dayOf } from "./day-store.ts";
import { partsPerBucket } from "./ranges.ts";

/** Days that analytics look back: the longest period, and the one before it. */
export const daysKept = 180;
const topMax = 10;
/** Sites in one answer. */
const sitesShownMax = 100;

/** Analytics of a video, and of all videos of a user, for the owner. */
export function createAnalytics({ db, now }: Pick<Host<Tables>, "db" | "now">, access: ViewerAccess) {
  async function ofScope(reader: Db, scope: analyticsStore.Scope, count: number): Promise<VideoAnalytics> {
    const since = dayOf(now()) - count + 1;
    const previousSince = since - count;
    const [days, retention, sources, followers] = await Promise.all([
      analyticsStore.days(reader, scope, previousSince),
      analyticsStore.retention(reader, scope, since),
      analyticsStore.sources(reader, scope, since),
      analyticsStore.followers(reader, scope, { since, previousSince }),
    ]);
    const byDay = new Map(days.map((dayCounts) => [dayCounts.day, dayCounts]));
    const series = Array.from({ length: count }, (_, place) => {
      const day = since + place;
      const { views, watchTimeMs } = byDay.get(day) ?? { views: 0, watchTimeMs: 0 };
      return { date: dateOf(day), views, watchTimeMs };
    });
    const { views, watchTimeMs } = totalOf(series);
    return {
      views,
      watchTimeMs,
      averageViewMs: views === 0 ? 0 : Math.round(watchTimeMs / views),
      followersGained: followers.now,
      series,
      retention: retentionOf(retention),
      sources: sourcesOf(sources),
      previous: { ...totalOf(days.filter(({ day }) => day < since)), followersGained: followers.before },
    };
  }

  return {
    async videoAnalytics({ id, days }: { id: Id; days: number }, call: Call) {
      const { userId: ownerId } = await access.video(id, call);
      if (!can(call, "change", { ownerId, visibility: "private", isPublished: true })) throw NotYourVideo({});
      return ofScope(db.read(call), analyticsStore.videoScope(id), days);
    },

    async channelAnalytics({ days }: { days: number }, call: Call) {
      const reader = db.read(call);
      const scope = analyticsStore.channelScope(callerOf(call));
      const since = dayOf(now()) - days + 1;
      const [figures, top] = await Promise.all([
        ofScope(reader, scope, days),
        analyticsStore.topVideos(reader, scope, { since, limit: topMax }),
      ]);
      return { ...figures, top };
    },
  };
}

interface Totals {
  readonly views: number;
  readonly watchTimeMs: number;
}
const totalOf = (days: readonly Totals[]): Totals => ({
  views: days.reduce((sum, { views }) => sum + views, 0),
  watchTimeMs: days.reduce((sum, { watchTimeMs }) => sum + watchTimeMs, 0),
});

/** The watched share of each hundredth per view; what was watched several times in a view is 1 at most. Pure. */
const retentionOf = ({ views, parts }: { readonly views: number; readonly parts: readonly number[] }): number[] =>
  Array.from({ length: retentionBuckets }, (_, bucket) =>
    views === 0 ? 0 : Math.min(1, (parts[bucket] ?? 0) / (views * partsPerBucket)),
  );

/** Sources with the most views first; sites beyond {@link sitesShownMax} are counted without name. Pure. */
function sourcesOf(rows: readonly analyticsStore.SourceTotals[]): VideoAnalytics["sources"] {
  const named = new Set(rows.filter(({ site }) => site !== "").slice(0, sitesShownMax));
  const unnamed = new Map<analyticsStore.SourceTotals["source"], number>();
  for (const row of rows) if (!named.has(row)) unnamed.set(row.source, (unnamed.get(row.source) ?? 0) + row.views);
  return [...named, ...[...unnamed].map(([source, views]) => ({ source, views }))].toSorted(
    (a, b) => b.views - a.views,
  );
}
