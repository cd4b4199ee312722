import { activityImported } from "#events/interaction";
import type { Call, Handlers, Host, Id } from "#kernel";
import { VideoNotFound } from "#services/video/contract";
import type { z } from "zod";
import type { ViewerAccess } from "./access.ts";
import { backdate } from "./comments/comment-store.ts";
import { type interaction } from "./contract.ts";
import { like } from "./likes/like-store.ts";
import type { Tables } from "./store.ts";
import { dayOf } from "./analytics/day-store.ts";
import * as playStore from "./analytics/play-store.ts";
import { partsPerBucket } from "./analytics/ranges.ts";

type Imported = z.output<(typeof interaction)["methods"]["importActivity"]["input"]>;

interface DayOfViews {
  readonly video_id: Id;
  readonly day: number;
  readonly view_count: number;
  readonly watch_ms: number;
}

/** The past of videos that are imported. */
export const createImportedActivity = (
  { db, emit }: Pick<Host<Tables>, "db" | "emit">,
  access: ViewerAccess,
): Pick<Handlers<typeof interaction>, "importActivity"> => ({
  async importActivity(imported: Imported, call: Call) {
    const { id: videoId, likes, comments } = imported;
    const authorId = await access.author(videoId, call);
    const days = daysOf(imported);
    return db.answer(async (tx) => {
      const total = days.reduce((sum, { view_count }) => sum + view_count, 0);
      if (await playStore.countViews(tx, videoId, total)) throw VideoNotFound({});
      await playStore.raiseSums(tx, { days, retention: retentionOf(imported, days), sources: sourcesOf(imported) });
      const rows = likes.map(({ userId: user_id, atMs: created_at_ms }) => ({
        video_id: videoId,
        user_id,
        author_id: authorId,
        created_at_ms,
      }));
      const outcomes = await like(tx, rows);
      await backdate(tx, videoId, comments);
      const likeDays = likes.filter((_, place) => outcomes[place]?.outcome === "new").map(({ atMs }) => dayOf(atMs));
      await emit(tx, activityImported, videoId, { videoId, days: sumsOf(days, likeDays) });
      return {};
    });
  },
});

/** The sums of each day, in one order. Pure. */
function daysOf({ id: video_id, days, averageViewMs }: Imported): DayOfViews[] {
  const views = new Map<number, number>();
  for (const counts of days) views.set(counts.day, (views.get(counts.day) ?? 0) + counts.views);
  return [...views]
    .toSorted(([a], [b]) => a - b)
    .map(([day, view_count]) => ({ video_id, day, view_count, watch_ms: view_count * averageViewMs }));
}

const retentionOf = ({ retention }: Imported, days: readonly DayOfViews[]) =>
  days.map(({ video_id, day, view_count }) => ({
    video_id,
    day,
    view_count,
    watched: retention.map((share) => Math.round(view_count * share * partsPerBucket)),
  }));

/** The sums by day and source, in one order. Pure. */
function sourcesOf({ id: video_id, days }: Imported): Tables["interaction.view_sources"][] {
  const rows = new Map<string, Tables["interaction.view_sources"]>();
  for (const { day, source, views } of days) {
    const key = `${day} ${source}`;
    const row = rows.get(key) ?? { video_id, day, source, site: "", view_count: 0 };
    row.view_count += views;
    rows.set(key, row);
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Views and likes by day, in one order. Pure. */
function sumsOf(days: readonly DayOfViews[], likeDays: readonly number[]) {
  const views = new Map(days.map(({ day, view_count }) => [day, view_count]));
  const likes = Map.groupBy(likeDays, (day) => day);
  return [...new Set([...views.keys(), ...likes.keys()])]
    .toSorted((a, b) => a - b)
    .map((day) => ({ day, views: views.get(day) ?? 0, likes: likes.get(day)?.length ?? 0 }));
}
