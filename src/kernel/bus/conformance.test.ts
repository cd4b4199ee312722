import { ServiceUnavailable } from "../errors.ts";
import { createStaticRegistry } from "../registry/static.ts";
import { answerBus, createRemoteRoutes } from "../rpc/bus.ts";
import { type BusSetting, busConformance } from "./conformance.ts";
import { createDirectBus } from "./direct.ts";

busConformance("within one process", {
  processes: [["publisher", "left", "right"]],
  bus: () => createDirectBus(),
});

/** Messages are copied, as the network does. */
const bus: BusSetting["bus"] = (_, hosts) =>
  createDirectBus(
    createRemoteRoutes({
      registry: createStaticRegistry({ publisher: ["publisher:1"], left: ["left:1"], right: ["right:1"] }),
      consumers: () => ["publisher", "left", "right"],
      at: ({ service }) => {
        const ask = async (method: string, input: object): Promise<never> => {
          const host = hosts.get(service);
          if (!host) throw ServiceUnavailable({ service });
          return (await answerBus(host, method, structuredClone(input))) as never; // By its method.
        };
        return { subscriptions: (input) => ask("subscriptions", input), deliver: (input) => ask("deliver", input) };
      },
    }),
  );

busConformance("of two processes without a broker", { processes: [["publisher", "right"], ["left"]], bus });
busConformance("of three processes without a broker", { processes: [["publisher"], ["left"], ["right"]], bus });
