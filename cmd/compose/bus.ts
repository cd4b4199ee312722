import { directBus } from "../../src/kernel/bus/direct.ts";
import type { Bus } from "../../src/kernel/bus/port.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import type { Cluster } from "./cluster.ts";

/** The bus of this process: over the broker where there is one, else from process to process. */
export async function busOf(
  { bus: { natsUrl } }: Config,
  cluster: Pick<Cluster, "routes"> | undefined,
  log: Log,
): Promise<Bus & { close(): Promise<void> }> {
  if (natsUrl === undefined) return { ...directBus(cluster?.routes), close: async () => undefined };
  const { jetStreamBus } = await import("../../src/kernel/bus/jetstream/bus.ts");
  return jetStreamBus({ url: natsUrl, log });
}
