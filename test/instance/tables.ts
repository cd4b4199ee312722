import { join } from "node:path";
import pg from "pg";
import type { Instance } from "./instance.ts";
import { until } from "../until.ts";

type Row = Record<string, unknown>;

/** Jobs that wait for a grace time by design. */
const patient = ["digest", "adopt", "purge", "drop", "release"];

/** The rows of one service, read beside the server that uses them. */
export async function rows(data: string, service: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = await connected(data, service);
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Adds a job of a service, as its schedule would, unless one waits already. */
export async function startJob({ data }: Instance, service: string, kind: string): Promise<void> {
  const text = `INSERT INTO jobs (id, kind, unique_key, payload, priority, attempts_max, due_ms, trace_id, created_at_ms)
    VALUES ((SELECT coalesce(max(id), 0) + 1 FROM jobs), $1, $1, '{}', 0, 3, 0, '', 0) ON CONFLICT DO NOTHING`;
  await rows(data, service, text, [kind]);
}

async function connected(data: string, service: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: join(data, "postgres.socket"),
    user: "kinora",
    ...(service === "postgres"
      ? { database: service }
      : { database: "kinora", options: `-c search_path="${service}"` }),
  });
  client.on("error", () => undefined); // The server may be killed meanwhile.
  await client.connect();
  return client;
}

/** The services that have a schema. */
export async function services(data: string): Promise<string[]> {
  const schemas = await rows(
    data,
    "public",
    "SELECT schemaname AS name FROM pg_tables WHERE tablename = 'migrations' ORDER BY 1",
  );
  return schemas.map(({ name }) => String(name));
}

/** Deletes the keys of all services, so that each copy of the data folder makes its own. */
export async function deleteKeys(data: string): Promise<void> {
  const tables = (await services(data)).map((service) => `DELETE FROM "${service}".keys`);
  await rows(data, "public", tables.join(";"));
}

/** Settles when every event has been consumed and every job is over. */
export async function settled(instance: Instance, waitMs?: number): Promise<void> {
  // One snapshot of all schemas: what goes from one service to another is with one of them.
  const left = (await services(instance.data)).map(
    (service) => `SELECT '${service}: event ' || type AS what FROM "${service}".outbox
      UNION ALL SELECT '${service}: pending event ' || type FROM "${service}".pending_events
      UNION ALL SELECT '${service}: job ' || kind || ' ' || state FROM "${service}".jobs
        WHERE state IN ('queued', 'running') AND kind <> ALL($1)`,
  );
  const client = await connected(instance.data, "public");
  let unsettled: Row[] = [];
  try {
    const isSettled = async () => {
      unsettled = (await client.query<Row>(left.join(" UNION ALL "), [patient])).rows;
      return unsettled.length === 0;
    };
    await until(isSettled, {
      said: () => [...unsettled.slice(0, 20).map(({ what }) => String(what)), ...instance.log.slice(-20)].join("\n"),
      ...(waitMs !== undefined && { waitMs }),
    });
  } finally {
    await client.end();
  }
}
