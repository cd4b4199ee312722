import { createDirectBus } from "../../src/kernel/bus/direct.ts";
import type { Bus } from "../../src/kernel/bus/port.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import type { Cluster } from "./fleet/cluster.ts";

/** The bus of this process: over the broker where there is one, else from process to process. */
export async function createBus(
  { bus: { natsUrl } }: Config,
  cluster: Pick<Cluster, "routes"> | undefined,
  log: Log,
): Promise<Bus & { close(): Promise<void> }> {
  if (natsUrl === undefined) return { ...createDirectBus(cluster?.routes), close: async () => undefined };
  const { createJetStreamBus: jetStreamBus } = await import("../../src/kernel/bus/jetstream/bus.ts");
  return jetStreamBus({ url: natsUrl, log });
}
