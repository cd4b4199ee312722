import { contract, event, type Host, Id, on, plugin } from "#kernel";
import { DiskBlobStore } from "#kernel/blob/disk";
import { embeddedCache } from "#kernel/cache/embedded";
import { openDb } from "#kernel/db/pool";
import { realDisk } from "#kernel/disk";
import { realEnvironment } from "#kernel/environment";
import { noFailpoints } from "#kernel/failpoint";
import { ServiceHost } from "#kernel/host";
import { silentLog } from "#kernel/log/port";
import { guardedOutgoing } from "#kernel/outgoing/guarded";
import { prometheusMetrics } from "#kernel/telemetry/prometheus";
import { sql } from "kysely";
import { z } from "zod";

/** The databases of the services below. */
export type Ground = Readonly<Record<string, { host: string; user: string; database: string }>>;

/** The `n`th of its key. */
export const stepped = event("stepper.stepped.v1", z.object({ key: Id, n: z.int() }));

const stepperPlugin = plugin({
  contract: contract("stepper", 1, {}),
  needs: [],
  events: [stepped],
  migrations: ["CREATE TABLE steps (key BIGINT PRIMARY KEY, n INTEGER NOT NULL)"],
  start: () => ({ handlers: {} }),
});

/** Writes down what it hears, and would write it down again. */
const hearing = (name: string) =>
  plugin({
    contract: contract(name, 1, {}),
    needs: [],
    migrations: [
      "CREATE TABLE heard (seq BIGINT GENERATED ALWAYS AS IDENTITY, key BIGINT NOT NULL, n INTEGER NOT NULL)",
    ],
    start: (_: Host) => ({
      handlers: {},
      subscriptions: [
        on(stepped, async (tx, { key, n }) => {
          await sql`INSERT INTO heard (key, n) VALUES (${key}, ${n})`.execute(tx);
        }),
      ],
    }),
  });

export const plugins = [stepperPlugin, hearing("left"), hearing("right")];

/** A process that tells what is in the outbox of the stepper, and those who hear it. */
export async function dispatcher(ground: Ground): Promise<ServiceHost> {
  const host = new ServiceHost({
    environment: realEnvironment({}),
    log: silentLog,
    metrics: prometheusMetrics(),
    blob: new DiskBlobStore({ folder: "/nowhere", disk: realDisk, failpoints: noFailpoints, now: Date.now }),
    cache: embeddedCache(),
    outgoing: guardedOutgoing({ allow: [], log: silentLog }),
    instance: `dispatcher ${process.pid}`,
    node: process.pid % 64,
    schedule: () => ({ stop: async () => undefined }),
    secret: async () => "",
    settings: () => ({}),
    open: async (service, _, committed) => openDb<unknown>(ground[service] ?? { url: "" }, { service, committed }),
  });
  for (const one of plugins) await host.add(one);
  await host.run();
  return host;
}

if (process.argv[1] === import.meta.filename) {
  // What is said here is the ground, from the test that started it.
  const host = await dispatcher(JSON.parse(process.argv[2] ?? "") as Ground);
  process.stdout.write("telling\n");
  // Until it is killed: a relay looks again when somebody here commits something, and here nobody does.
  for (;;) {
    await host.drain();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
