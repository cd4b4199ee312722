import type { Id, Tx } from "#kernel";
import { type RawBuilder, sql } from "kysely";
import type { Tables } from "../store.ts";

/** Lists as parameters: one text for any number of rows, planned once. */
function columnsOf<Row>(
  rows: readonly Row[],
  types: { readonly [Name in keyof Row]?: string },
): { readonly names: RawBuilder<unknown>; readonly values: RawBuilder<unknown> } {
  const columns = Object.entries(types) as [keyof Row & string, string][]; // By the type of `types`.
  return {
    names: sql.join(columns.map(([name]) => sql.ref(name))),
    values: sql.join(columns.map(([name, type]) => sql`${rows.map((row) => row[name])}::${sql.raw(type)}[]`)),
  };
}

type View = Tables["interaction.views"];
export const viewKey = ({ video_id, viewer, slot }: Omit<View, "seen_at_ms">): string =>
  `${video_id} ${slot} ${viewer}`;

/** The result of {@link addViews}. */
interface Counted {
  /** The keys of the views that are the first of their viewer, video and half hour. */
  readonly viewKeys: Set<string>;
  /** One of the videos is deleted: then the caller must roll back. */
  readonly isDeleted: boolean;
}

/** Adds views, counts the new ones, and locks the counts of all these videos, those without a view included. */
export async function addViews(tx: Tx<Tables>, views: readonly View[], videoIds: readonly Id[]): Promise<Counted> {
  const byKey = new Map(views.toReversed().map((view) => [viewKey(view), view]));
  // In one order, so that batches do not wait for each other.
  const sorted = [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, view]) => view);
  const { names, values } = columnsOf(sorted, {
    video_id: "bigint",
    viewer: "text",
    slot: "bigint",
    seen_at_ms: "bigint",
  });
  type Row = Omit<View, "seen_at_ms" | "viewer"> & { readonly viewer: string | null; readonly isDeleted: boolean };
  const { rows } = await sql<Row>`
    WITH fresh AS (
      INSERT INTO interaction.views (${names})
      SELECT ${names} FROM unnest(${values}) WITH ORDINALITY AS view (${names}, place) ORDER BY place
      ON CONFLICT DO NOTHING RETURNING video_id, viewer, slot),
    counted AS (
      INSERT INTO interaction.video_counts AS c (video_id, play_count)
      SELECT id, count(fresh.video_id)::integer FROM unnest(${[...new Set(videoIds)]}::bigint[]) AS id
      LEFT JOIN fresh ON fresh.video_id = id GROUP BY id ORDER BY id
      ON CONFLICT (video_id) DO UPDATE SET play_count = c.play_count + excluded.play_count
      RETURNING video_id, deleted_at_ms IS NOT NULL AS is_deleted)
    SELECT video_id, viewer, slot, is_deleted AS "isDeleted" FROM counted LEFT JOIN fresh USING (video_id)`.execute(tx);
  return {
    viewKeys: new Set(rows.flatMap(({ viewer, ...row }) => (viewer === null ? [] : viewKey({ ...row, viewer })))),
    isDeleted: rows.some(({ isDeleted }) => isDeleted),
  };
}

type Credit = Tables["interaction.watch_credits"];

/** The credits of these viewers, videos and half hours. The counts of the videos are locked. */
export async function creditsOf(tx: Tx<Tables>, keys: readonly Omit<Credit, "credited_ms">[]): Promise<Credit[]> {
  const { names, values } = columnsOf(keys, { video_id: "bigint", viewer: "text", slot: "bigint" });
  const { rows } = await sql<Credit>`
    SELECT video_id, viewer, slot, credited_ms FROM interaction.watch_credits
    JOIN unnest(${values}) AS wanted (${names}) USING (video_id, viewer, slot)`.execute(tx);
  return rows;
}

/** Stores the watched time that was credited so far. */
export async function putCredits(tx: Tx<Tables>, credits: readonly Credit[]): Promise<void> {
  const { names, values } = columnsOf(credits, {
    video_id: "bigint",
    viewer: "text",
    slot: "bigint",
    credited_ms: "bigint",
  });
  await sql`
    INSERT INTO interaction.watch_credits (${names}) SELECT * FROM unnest(${values})
    ON CONFLICT (video_id, viewer, slot) DO UPDATE SET credited_ms = excluded.credited_ms`.execute(tx);
}

/** Counts views of a video that have no rows, and locks its counts; yields whether it is deleted: then the caller must roll back. */
export async function countViews(tx: Tx<Tables>, videoId: Id, count: number): Promise<boolean> {
  const { rows } = await sql<{ isDeleted: boolean }>`
    INSERT INTO interaction.video_counts AS c (video_id, play_count) VALUES (${videoId}, ${count})
    ON CONFLICT (video_id) DO UPDATE SET play_count = c.play_count + excluded.play_count
    RETURNING deleted_at_ms IS NOT NULL AS "isDeleted"`.execute(tx);
  return rows[0]?.isDeleted === true;
}

type DayChange = Required<Pick<Tables["interaction.video_days"], "video_id" | "day">> & {
  readonly view_count: number;
  readonly watch_ms: number;
};
/** The changes that views make beside the counts of their videos, by day. */
interface Sums {
  readonly days: readonly DayChange[];
  readonly retention: readonly Tables["interaction.video_retention"][];
  readonly sources: readonly Tables["interaction.view_sources"][];
}

/** Raises the sums of days, in one statement. The counts of the videos are locked, so that there is no deadlock. */
export async function raiseSums(tx: Tx<Tables>, { days, retention, sources }: Sums): Promise<void> {
  if (days.length === 0) return;
  const day = columnsOf(days, { video_id: "bigint", day: "bigint", view_count: "integer", watch_ms: "bigint" });
  const watched = columnsOf(retention, { video_id: "bigint", day: "bigint", view_count: "integer" });
  // An array of arrays would be read as one long one: each is written as text.
  const texts = retention.map((row) => `{${row.watched.join()}}`);
  const source = columnsOf(sources, {
    video_id: "bigint",
    day: "bigint",
    source: "text",
    site: "text",
    view_count: "integer",
  });
  await sql`
    WITH day AS (
      INSERT INTO interaction.video_days AS d (${day.names}) SELECT * FROM unnest(${day.values})
      ON CONFLICT (video_id, day) DO UPDATE
      SET view_count = d.view_count + excluded.view_count, watch_ms = d.watch_ms + excluded.watch_ms),
    retention AS (
      INSERT INTO interaction.video_retention AS r (${watched.names}, watched)
      SELECT ${watched.names}, watched::bigint[]
      FROM unnest(${watched.values}, ${texts}::text[]) AS row (${watched.names}, watched)
      ON CONFLICT (video_id, day) DO UPDATE SET
        view_count = r.view_count + excluded.view_count,
        watched = ARRAY(SELECT unnest(r.watched) + unnest(excluded.watched)))
    INSERT INTO interaction.view_sources AS s (${source.names}) SELECT * FROM unnest(${source.values})
    ON CONFLICT (video_id, day, source, site) DO UPDATE SET view_count = s.view_count + excluded.view_count`.execute(
    tx,
  );
}

/** The sites that embedded these videos on these days. */
export async function sitesOf(
  tx: Tx<Tables>,
  days: readonly Pick<Tables["interaction.view_sources"], "video_id" | "day">[],
): Promise<Pick<Tables["interaction.view_sources"], "video_id" | "day" | "site">[]> {
  const { names, values } = columnsOf(days, { video_id: "bigint", day: "bigint" });
  const { rows } = await sql<Pick<Tables["interaction.view_sources"], "video_id" | "day" | "site">>`
    SELECT DISTINCT video_id, day, site FROM interaction.view_sources
    JOIN unnest(${values}) AS wanted (${names}) USING (video_id, day) WHERE source = 'embed' AND site <> ''`.execute(
    tx,
  );
  return rows;
}

/** Deletes what analytics no longer cover. */
export async function deleteBefore(tx: Tx<Tables>, day: number): Promise<void> {
  for (const table of ["interaction.video_retention", "interaction.view_sources", "interaction.new_followers"] as const)
    await tx.deleteFrom(table).where("day", "<", day).execute();
}
