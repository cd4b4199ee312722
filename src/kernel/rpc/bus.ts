import { z } from "zod";
import type { Bus, Delivery } from "../bus/port.ts";
import { newCall } from "../call.ts";
import { type Client, command, contract, Id } from "../contract.ts";
import { ServiceUnavailable } from "../errors.ts";
import type { Instance, Registry } from "../registry/port.ts";

/** How one process tells another of an event; the answer means that every service there has heard it. */
export const bus = contract("bus", 1, {
  hear: command({
    auth: "service",
    idempotent: true,
    input: z.object({
      eventId: z.string().max(64),
      type: z.string().max(200),
      key: Id,
      /** JSON; an event has at most 64 KiB. */
      payload: z.string().max(2 ** 18),
      traceId: z.string().max(64),
    }),
    output: z.object({}),
  }),
});

interface Parts {
  readonly registry: Registry;
  /** The services of this process, which hear by themselves. */
  readonly isHere: (service: string) => boolean;
  /** A client of one process. */
  readonly at: (instance: Instance) => Client<typeof bus>;
}

const waitMs = 10_000;

/**
 * The bus of processes without a broker between them: every service that is not here hears the event in one process that
 * runs it, each process once. A service nobody could reach is a rejection: the relay then tells everybody again, and the
 * inboxes make it one effect.
 */
export function processBus({ registry, isHere, at }: Parts): Bus {
  return {
    async deliver(event: Delivery) {
      const told = new Map<string, Promise<unknown>>();
      const tell = (instance: Instance): Promise<unknown> => {
        const address = `${instance.host}:${instance.port}`;
        const already = told.get(address);
        if (already) return already;
        const { eventId, type, key, payload, traceId } = event;
        const telling = at(instance).hear({ eventId, type, key, payload, traceId }, newCall({ traceId, waitMs }));
        told.set(address, telling);
        return telling;
      };
      const reach = async (service: string) => {
        let last: unknown;
        // In one order for all services, so that those that share processes meet in the same one.
        const instances = registry.find(service).toSorted((a, b) => a.host.localeCompare(b.host) || a.port - b.port);
        for (const instance of instances) {
          try {
            await tell(instance);
            return;
          } catch (error) {
            last = error;
          }
        }
        throw last ?? ServiceUnavailable({ service });
      };
      const others = registry.services().filter((service) => !isHere(service));
      const heard = await Promise.allSettled(others.map(reach));
      const failed = heard.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
    },
  };
}
