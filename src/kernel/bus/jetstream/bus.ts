import type { Log } from "../../log/port.ts";
import type { Bus } from "../port.ts";
import { Broker } from "./broker.ts";
import { BrokerRoute } from "./route.ts";
import { subscribeDurably } from "./subscription.ts";

/** The bus over NATS with JetStream, 2.9 or newer: events go from the outbox to one stream, and to durable consumers. */
export function createJetStreamBus({
  url,
  log,
}: {
  readonly url: string;
  readonly log: Log;
}): Bus & { close(): Promise<void> } {
  const broker = new Broker(url, log);
  const route = new BrokerRoute(broker);
  return {
    routes: () => [route],
    subscribe: async (consumer) => subscribeDurably(broker, consumer, log),
    close: () => broker.close(),
  };
}
