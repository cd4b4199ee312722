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

/** Adds those of these views that are the first of their viewer, video and half hour; yields the keys of these. */
export async function addViews(tx: Tx<Tables>, views: readonly View[]): Promise<Set<string>> {
  if (views.length === 0) return new Set();
  const byKey = new Map(views.toReversed().map((view) => [viewKey(view), view]));
  // In one order, so that batches do not wait for each other.
  const sorted = [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, view]) => view);
  const { names, values } = columnsOf(sorted, {
    video_id: "bigint",
    viewer: "text",
    slot: "bigint",
    seen_at_ms: "bigint",
  });
  const { rows } = await sql<Omit<View, "seen_at_ms">>`
    INSERT INTO interaction.views (${names})
    SELECT ${names} FROM unnest(${values}) WITH ORDINALITY AS view (${names}, place) ORDER BY place
    ON CONFLICT DO NOTHING RETURNING video_id, viewer, slot`.execute(tx);
  return new Set(rows.map(viewKey));
}

/** Counts views, and locks the counts of these videos; yields whether one of them is deleted: then the caller must roll back. */
export async function countViews(tx: Tx<Tables>, viewsByVideo: ReadonlyMap<Id, number>): Promise<boolean> {
  const sorted = [...viewsByVideo].toSorted(([a], [b]) => a - b);
  const { rows } = await sql<{ isDeleted: boolean }>`
    INSERT INTO interaction.video_counts AS c (video_id, play_count)
    SELECT id, by FROM unnest(${sorted.map(([id]) => id)}::bigint[], ${sorted.map(([, by]) => by)}::integer[])
      WITH ORDINALITY AS change (id, by, place) ORDER BY place
    ON CONFLICT (video_id) DO UPDATE SET play_count = c.play_count + excluded.play_count
    RETURNING deleted_at_ms IS NOT NULL AS "isDeleted"`.execute(tx);
  return rows.some(({ isDeleted }) => isDeleted);
}

/** The counts of the videos are locked in all that follows. */
type DayChange = Required<Pick<Tables["interaction.video_days"], "video_id" | "day">> & {
  readonly view_count: number;
  readonly watch_ms: number;
};
export async function raiseDays(tx: Tx<Tables>, rows: readonly DayChange[]): Promise<void> {
  if (rows.length === 0) return;
  const { names, values } = columnsOf(rows, {
    video_id: "bigint",
    day: "bigint",
    view_count: "integer",
    watch_ms: "bigint",
  });
  await sql`
    INSERT INTO interaction.video_days AS d (${names}) SELECT * FROM unnest(${values})
    ON CONFLICT (video_id, day) DO UPDATE
    SET view_count = d.view_count + excluded.view_count, watch_ms = d.watch_ms + excluded.watch_ms`.execute(tx);
}

export async function raiseRetention(
  tx: Tx<Tables>,
  rows: readonly Tables["interaction.video_retention"][],
): Promise<void> {
  if (rows.length === 0) return;
  // An array of arrays would be read as one long one: each is written as text.
  const texts = rows.map(({ watched }) => `{${watched.join()}}`);
  const { names, values } = columnsOf(rows, { video_id: "bigint", day: "bigint", view_count: "integer" });
  await sql`
    INSERT INTO interaction.video_retention AS r (${names}, watched)
    SELECT ${names}, watched::bigint[] FROM unnest(${values}, ${texts}::text[]) AS row (${names}, watched)
    ON CONFLICT (video_id, day) DO UPDATE SET
      view_count = r.view_count + excluded.view_count,
      watched = ARRAY(SELECT a + b FROM unnest(r.watched, excluded.watched) WITH ORDINALITY AS part (a, b, place)
                      ORDER BY place)`.execute(tx);
}

export async function raiseSources(tx: Tx<Tables>, rows: readonly Tables["interaction.view_sources"][]): Promise<void> {
  if (rows.length === 0) return;
  const { names, values } = columnsOf(rows, {
    video_id: "bigint",
    day: "bigint",
    source: "text",
    site: "text",
    view_count: "integer",
  });
  await sql`
    INSERT INTO interaction.view_sources AS s (${names}) SELECT * FROM unnest(${values})
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
