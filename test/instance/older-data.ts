import { startPostgres } from "#kernel/postgres/postgres";
import { rows } from "./tables.ts";

/** Makes a stopped folder one that an older version left: `recommend` had no tables of its own yet. */
export async function makeOlder(data: string): Promise<void> {
  await using _ = await startPostgres(data);
  const own = "candidates, video_tags, not_interested, signals, viewers, removed_interests, pages, models";
  await rows(data, "recommend", `DROP TABLE ${own}`);
  await rows(data, "recommend", "DELETE FROM migrations WHERE part = 'service'");
}

/** The copies of databases on a stopped folder, without the moment they were made. */
export async function copiesIn(data: string): Promise<string[]> {
  await using _ = await startPostgres(data);
  const copies = await rows(
    data,
    "postgres",
    "SELECT left(datname, -18) AS name FROM pg_database WHERE datname ~ '_(before|midway)_\\d{17}$' ORDER BY 1",
  );
  return copies.map(({ name }) => String(name));
}
