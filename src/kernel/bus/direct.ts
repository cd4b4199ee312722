import type { Bus, ConsumerEnd, Route } from "./port.ts";

/**
 * The bus without a broker: a publisher's relay sends to each consumer itself, by a function call within this process and
 * by `remote` routes to other processes.
 */
export function createDirectBus(remote: () => readonly Route[] = () => []): Bus {
  const consumers = new Map<string, ConsumerEnd>();
  return {
    routes() {
      const local = [...consumers.values()].filter(({ types }) => types.size > 0);
      return [...local.map(routeTo), ...remote().filter(({ name }) => !consumers.has(name))];
    },
    async subscribe(consumer) {
      consumers.set(consumer.name, consumer);
      return {
        async stop() {
          consumers.delete(consumer.name);
        },
      };
    },
  };
}

const routeTo = (consumer: ConsumerEnd): Route => ({
  name: consumer.name,
  carries: (type) => consumer.types.has(type),
  send: (events) => consumer.receive(events),
});
