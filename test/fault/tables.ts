import { join } from "node:path";
import pg from "pg";
import type { Instance } from "../e2e/instance.ts";
import { until } from "../until.ts";

type Row = Record<string, unknown>;

/** Jobs that wait for a grace time by design. */
const patient = ["digest", "adopt", "purge", "drop"];

/** The rows of one service, read beside the server that uses them. */
export async function rows(data: string, service: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ host: join(data, "postgres.socket"), user: "kinora", database: service });
  client.on("error", () => undefined); // The server may be killed meanwhile.
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** What every service of a running instance has left to do. */
async function unfinished(data: string): Promise<string[]> {
  const found: string[] = [];
  for (const service of await services(data)) {
    const left = await rows(
      data,
      service,
      `SELECT 'event ' || type AS what FROM outbox
       UNION ALL SELECT 'job ' || kind || ' ' || state FROM jobs WHERE state IN ('queued', 'running') AND kind <> ALL($1)`,
      [patient],
    );
    found.push(...left.map(({ what }) => `${service}: ${String(what)}`));
  }
  return found;
}

/** The databases of services, without copies of them. */
export async function services(data: string): Promise<string[]> {
  const found = await rows(
    data,
    "postgres",
    "SELECT datname AS name FROM pg_database WHERE datname ~ '^[a-z]+$' AND datname <> 'postgres' ORDER BY 1",
  );
  return found.map(({ name }) => String(name));
}

/** Settles when every event has been heard and every job is over. */
export async function settled(instance: Instance, waitMs?: number): Promise<void> {
  let left: string[] = [];
  await until(async () => (left = await unfinished(instance.data)).length === 0, {
    said: () => [...left.slice(0, 20), ...instance.log.slice(-20)].join("\n"),
    ...(waitMs !== undefined && { waitMs }),
  });
}
