import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { Log } from "../log/port.ts";
import { LocalFanout } from "./local.ts";
import type { Fanout } from "./port.ts";

const prefix = "kinora.fanout.";

interface NatsParts {
  readonly url: string;
  readonly log: Log;
}

/** A fanout with a connection to a server. */
export interface NatsFanout extends Fanout {
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Over a NATS server, without JetStream. While it is away, subscribers of this process alone are reached. */
export function createNatsFanout({ url, log }: NatsParts): NatsFanout {
  const local = new LocalFanout();
  const topics = new Map<string, { count: number; end: () => void }>();
  let connection: NatsConnection | undefined;
  const opening = connect({
    servers: url,
    name: "kinora fanout",
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 1_000,
    pingInterval: 5_000,
    maxPingOut: 2,
    ignoreClusterUpdates: true,
    // Subscribers in this process have the message already.
    noEcho: true,
  });
  opening.then(
    (opened) => {
      connection = opened;
      for (const topic of topics.keys()) listen(topic);
    },
    (error: unknown) => log.error("the broker cannot be used", { err: error }),
  );

  function listen(topic: string): void {
    const entry = topics.get(topic);
    if (!connection || !entry) return;
    const subscription = connection.subscribe(`${prefix}${topic}`, {
      callback: (error, message) => {
        if (!error) local.publish(topic, message.data);
      },
    });
    entry.end = () => subscription.unsubscribe();
  }

  return {
    publish(topic, bytes) {
      local.publish(topic, bytes);
      if (connection && !connection.isClosed()) connection.publish(`${prefix}${topic}`, bytes);
    },
    subscribe(topic, handler) {
      const end = local.subscribe(topic, handler);
      const entry = topics.get(topic);
      if (entry) entry.count += 1;
      else {
        topics.set(topic, { count: 1, end: () => undefined });
        listen(topic);
      }
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        end();
        const shared = topics.get(topic);
        if (!shared) return;
        shared.count -= 1;
        if (shared.count > 0) return;
        topics.delete(topic);
        shared.end();
      };
    },
    /** Settles when the server knows the subscriptions made so far. */
    ready: async () => (await opening).flush(),
    async close() {
      if (connection) await connection.close();
      else void opening.then((opened) => opened.close()).catch(() => undefined);
    },
  };
}
