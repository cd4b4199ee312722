import type { Fanout } from "../../src/kernel/fanout/port.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import type { Log } from "../../src/kernel/log/port.ts";

/** The fan-out over the broker; undefined where there is none, and services reach their own processes by themselves. */
export async function fanoutOf(
  { bus: { natsUrl } }: Config,
  log: Log,
): Promise<(Fanout & { close(): Promise<void> }) | undefined> {
  if (natsUrl === undefined) return undefined;
  const { createNatsFanout: natsFanout } = await import("../../src/kernel/fanout/nats.ts");
  return natsFanout({ url: natsUrl, log });
}
