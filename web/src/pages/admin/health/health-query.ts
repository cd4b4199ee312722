import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

/** The health of the installation. Processes report once a minute, and at once when their state changes. */
export const healthQuery = queryOptions({
  queryKey: keyOf("health"),
  queryFn: ({ signal }) => ask("monitor.health", { signal }),
  staleTime: 10_000,
});

const spanMs = 30 * 60_000;

/** The processor time of each process in the last half hour, by minutes. */
export const cpuQuery = queryOptions({
  queryKey: keyOf("health", "cpu"),
  queryFn: async ({ signal }) => {
    const from = new Date(Date.now() - spanMs).toISOString();
    const { list } = await ask("monitor.metrics", { query: { name: ["process_cpu"], from, step: 60 }, signal });
    return new Map(
      list.map(({ labels, points }) => [labels.process ?? "", points.map(([, value]) => value ?? 0)] as const),
    );
  },
  staleTime: 50_000,
});
