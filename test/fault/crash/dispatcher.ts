import { contract, event, type Host, Id, on, plugin } from "#kernel";
import { startProcess } from "#kernel/bus/testing";
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

/** Records the events it consumes, and would record a repeated one again. */
const recorderOf = (name: string) =>
  plugin({
    contract: contract(name, 1, {}),
    needs: [],
    migrations: [
      "CREATE TABLE consumed (seq BIGINT GENERATED ALWAYS AS IDENTITY, key BIGINT NOT NULL, n INTEGER NOT NULL)",
    ],
    start: (_: Host) => ({
      handlers: {},
      subscriptions: [
        on(stepped, async (tx, { key, n }) => {
          await sql`INSERT INTO consumed (key, n) VALUES (${key}, ${n})`.execute(tx);
        }),
      ],
    }),
  });

export const plugins = [stepperPlugin, recorderOf("left"), recorderOf("right")];

/** A process that publishes what is in the outbox of the stepper, and the consumers. */
export const dispatcher = (ground: Ground) => startProcess(plugins, ground, { instance: `dispatcher ${process.pid}` });

if (process.argv[1] === import.meta.filename) {
  // The test that started this process gives the data in its arguments.
  const host = await dispatcher(JSON.parse(process.argv[2] ?? "") as Ground);
  process.stdout.write("delivering\n");
  // Until it is killed: a relay looks again after a commit in its own process, and here none happens.
  for (;;) {
    await host.drain();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
