import { z } from "zod";
import { command, contract, query, stream } from "../contract.ts";
import { silentLog } from "../log/port.ts";
import { exitProcess } from "../process/process-exit.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import { bus } from "./bus.ts";
import { extendLock } from "./wire/lock.ts";
import { createRpcServer } from "./server/server.ts";

/*
 * Stands for a process of services in tests that kill one: answers with its number, counts the calls it got, and
 * prints its port.
 */
export const peer = contract("peer", 1, {
  ask: query({ auth: "public", input: z.object({}), output: z.object({ pid: z.int() }) }),
  processId: command({ auth: "public", input: z.object({}), output: z.object({ pid: z.int() }) }),
  /** Stays silent. */
  follow: stream({ auth: "public", input: z.object({}), output: z.object({ n: z.int() }) }),
  /** Says one number, then stays silent. */
  count: stream({ auth: "public", input: z.object({}), output: z.object({ n: z.int() }) }),
  /** Counts, then dies before it has answered. */
  countAndDie: command({ auth: "public", input: z.object({}), output: z.object({}) }),
});
export const peerLock = extendLock({}, [peer, bus]);
export const peerSecret = "of-thirty-two-letters-or-a-few-more";

if (import.meta.main) {
  const { port } = await createRpcServer(
    {
      contracts: [peer],
      lock: peerLock,
      secrets: [peerSecret],
      host: {
        async dispatch(_, method): Promise<object> {
          if (method !== "countAndDie") return { pid: process.pid };
          await new Promise((resolve) => process.stdout.write("counted\n", resolve));
          return exitProcess(1);
        },
        consumers: new Map(),
        deliver: async () => undefined,
      },
      ready: async () => ({}),
      log: silentLog,
      metrics: createPrometheusMetrics(),
    },
    { host: "127.0.0.1", port: 0 },
  );
  process.stdout.write(`${port}\n`);
}
