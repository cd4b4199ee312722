import { z } from "zod";
import type { Delivery, Route } from "../bus/port.ts";
import { newCall } from "../call.ts";
import { type Client, command, contract, query } from "../contract.ts";
import { Id } from "../fields.ts";
import { ServiceUnavailable } from "../errors.ts";
import type { Instance, Registry } from "../registry/port.ts";

const eventsMax = 64;
/**
 * The most characters of payloads in one call. A single event may have them all: 64 KiB, which escapes can make longer.
 */
const charactersMax = 2 ** 18;
const waitMs = 10_000;
/** How long the subscriptions of another process are remembered: it may be replaced by a newer version. */
const rememberedMs = 10_000;

const Name = z.string().max(64);

/** How one process gives another its events. */
export const bus = contract("bus", 1, {
  /** The event types that services of the process subscribe to. */
  subscriptions: query({
    auth: "service",
    input: z.object({}),
    output: z.object({ items: z.array(z.object({ consumer: Name, types: z.array(z.string()) })) }),
  }),
  /** The answer means that each event is applied or stored as pending by the consumer. */
  deliver: command({
    auth: "service",
    idempotent: true,
    input: z.object({
      consumer: Name,
      events: z
        .array(
          z.object({
            eventId: z.string().max(64),
            type: z.string().max(200),
            source: Name,
            key: Id,
            /** JSON; an event has at most 64 KiB. */
            payload: z.string().max(charactersMax),
            traceId: z.string().max(64),
          }),
        )
        .max(eventsMax),
    }),
    output: z.object({}),
  }),
});

/** The end of the bus in a process: its consumers. */
export interface BusEnd {
  readonly consumers: ReadonlyMap<string, ReadonlySet<string>>;
  deliver(consumer: string, events: readonly Delivery[]): Promise<void>;
}

/** Answers the methods of {@link bus}, which belong to the process and not to a service. */
export async function answerBus(end: BusEnd, method: string, input: object): Promise<object> {
  if (method === "subscriptions")
    return { items: [...end.consumers].map(([consumer, types]) => ({ consumer, types: [...types] })) };
  const { consumer, events } = bus.methods.deliver.input.parse(input);
  await end.deliver(consumer, events);
  return {};
}

interface Parts {
  readonly registry: Pick<Registry, "find">;
  /** The services of the registry that may consume events. */
  readonly consumers: () => readonly string[];
  /** A client of one process. */
  readonly at: (instance: Instance) => Client<typeof bus>;
  /** A monotonic clock, in milliseconds. */
  readonly elapsed?: () => number;
}

/** Routes to the consumers of other processes: to one process that runs the service, and to the next where that one is away. */
export function createRemoteRoutes({
  registry,
  consumers,
  at,
  elapsed = () => performance.now(),
}: Parts): () => readonly Route[] {
  const routes = new Map<string, Route>();
  return () =>
    consumers().map((service) => {
      const route = routes.get(service) ?? new RemoteRoute(service, { registry, consumers, at, elapsed });
      routes.set(service, route);
      return route;
    });
}

class RemoteRoute implements Route {
  readonly name: string;
  readonly #parts: Required<Parts>;
  /** Undefined until the service was reached once. While they are unknown or old, every event is kept for it. */
  #types: ReadonlySet<string> | undefined;
  #typesUntilMs = Number.NEGATIVE_INFINITY;

  constructor(service: string, parts: Required<Parts>) {
    this.name = service;
    this.#parts = parts;
  }

  carries(type: string): boolean {
    return this.#typesUntilMs < this.#parts.elapsed() || this.#isConsumed(type);
  }

  #isConsumed(type: string): boolean {
    return this.#types?.has(type) ?? true;
  }

  async send(events: readonly Delivery[]): Promise<void> {
    const { elapsed } = this.#parts;
    if (this.#typesUntilMs < elapsed()) {
      this.#types = await this.#reach(async (client) => {
        const { items } = await client.subscriptions({}, newCall({ waitMs }));
        const entry = items.find(({ consumer }) => consumer === this.name);
        // The registry is wrong about this process; its answer says nothing about what the service subscribes to.
        if (!entry) throw ServiceUnavailable({ service: this.name });
        return new Set(entry.types);
      });
      this.#typesUntilMs = elapsed() + rememberedMs;
    }
    const carried = events.filter(({ type }) => this.#isConsumed(type));
    for (const batch of batchesOf(carried))
      await this.#reach((client) =>
        client.deliver({ consumer: this.name, events: batch }, newCall({ traceId: batch[0]?.traceId ?? "", waitMs })),
      );
  }

  async #reach<R>(ask: (client: Client<typeof bus>) => Promise<R>): Promise<R> {
    const { registry, at } = this.#parts;
    let last: unknown;
    for (const instance of registry.find(this.name)) {
      try {
        return await ask(at(instance));
      } catch (error) {
        last = error;
      }
    }
    throw last ?? ServiceUnavailable({ service: this.name });
  }
}

/** Batches that fit into a message, in order. Pure. */
function batchesOf(events: readonly Delivery[]): Delivery[][] {
  const batches: Delivery[][] = [];
  let characters = 0;
  for (const event of events) {
    const last = batches.at(-1);
    const fits = last !== undefined && last.length < eventsMax && characters + event.payload.length <= charactersMax;
    if (fits) last.push(event);
    else batches.push([event]);
    characters = (fits ? characters : 0) + event.payload.length;
  }
  return batches;
}
