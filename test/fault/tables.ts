import { join } from "node:path";
import pg from "pg";
import type { Instance } from "../e2e/instance.ts";
import { until } from "../until.ts";

type Row = Record<string, unknown>;

/** Jobs that wait for a grace time by design. */
const patient = ["digest", "adopt", "purge", "drop"];

/** The rows of one service, read beside the server that uses them. */
export async function rows(data: string, service: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = await connected(data, service);
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function connected(data: string, service: string): Promise<pg.Client> {
  const client = new pg.Client({ host: join(data, "postgres.socket"), user: "kinora", database: service });
  client.on("error", () => undefined); // The server may be killed meanwhile.
  await client.connect();
  return client;
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

/** Settles when every event has been consumed and every job is over. */
export async function settled(instance: Instance, waitMs?: number): Promise<void> {
  // A connection is a process of the database: each look would cost as many as there are services.
  const clients = new Map<string, pg.Client>();
  let left: string[] = [];
  let emptyLooks = 0;
  try {
    for (const service of await services(instance.data)) clients.set(service, await connected(instance.data, service));
    const isSettled = async () => {
      left = await unfinished(clients);
      emptyLooks = left.length === 0 ? emptyLooks + 1 : 0;
      // What one look missed on its way from a service to one before it, the next one sees.
      return emptyLooks > 1;
    };
    await until(isSettled, {
      said: () => [...left.slice(0, 20), ...instance.log.slice(-20)].join("\n"),
      ...(waitMs !== undefined && { waitMs }),
    });
  } finally {
    await Promise.all([...clients.values()].map((client) => client.end()));
  }
}

/** What the first service that has something left to do has left. */
async function unfinished(clients: ReadonlyMap<string, pg.Client>): Promise<string[]> {
  for (const [service, client] of clients) {
    const { rows: left } = await client.query<Row>(
      `SELECT 'event ' || type AS what FROM outbox
       UNION ALL SELECT 'job ' || kind || ' ' || state FROM jobs WHERE state IN ('queued', 'running') AND kind <> ALL($1)`,
      [patient],
    );
    if (left.length > 0) return left.map(({ what }) => `${service}: ${String(what)}`);
  }
  return [];
}
