import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sent } from "../bus/port.ts";
import { ServiceUnavailable } from "../errors.ts";
import { createStaticRegistry } from "../registry/static.ts";
import { createRemoteRoutes } from "./bus.ts";

describe("routes to consumers in other processes", () => {
  it("send to one process of a service, and to another one when that is away", async () => {
    const fleet = fleetOf({ video: ["a:1", "b:2"] });
    await fleet.route("video").send([event(1)]);
    assert.deepEqual(fleet.delivered, ["a:1 video 1"]);
    fleet.away.add("a:1");
    await fleet.route("video").send([event(2)]);
    assert.deepEqual(fleet.delivered, ["a:1 video 1", "b:2 video 2"]);
  });

  it("fail when no process of the service can be reached", async () => {
    const fleet = fleetOf({ video: ["a:1"], search: [] });
    fleet.away.add("a:1");
    for (const service of ["video", "search"])
      await assert.rejects(fleet.route(service).send([event(1)]), { code: "kernel.service_unavailable" });
    assert.deepEqual(fleet.delivered, []);
  });

  it("keep events when the registry's process does not run the service", async () => {
    const fleet = fleetOf({ video: ["a:1"] });
    fleet.runs = "another";
    const route = fleet.route("video");
    await assert.rejects(route.send([event(1)]), { code: "kernel.service_unavailable" });
    assert.ok(route.carries(type));
    fleet.runs = "video";
    await route.send([event(1)]);
    assert.deepEqual(fleet.delivered, ["a:1 video 1"]);
  });

  it("carry all event types until the subscriptions are known, and then only subscribed ones", async () => {
    const fleet = fleetOf({ video: ["a:1"] });
    const route = fleet.route("video");
    assert.ok(route.carries("other.v1"));
    await route.send([event(1), { ...event(2), type: "other.v1" }]);
    assert.deepEqual(fleet.delivered, ["a:1 video 1"]);
    assert.deepEqual([route.carries(type), route.carries("other.v1")], [true, false]);
  });

  it("ask for the subscriptions again after ten seconds", async () => {
    const fleet = fleetOf({ video: ["a:1"] });
    const route = fleet.route("video");
    await route.send([event(1)]);
    fleet.types.push("other.v1");
    assert.equal(route.carries("other.v1"), false);
    fleet.elapsedMs += 10_001;
    assert.ok(route.carries("other.v1"));
    await route.send([{ ...event(2), type: "other.v1" }]);
    assert.deepEqual(fleet.delivered, ["a:1 video 1", "a:1 video 2"]);
  });

  it("send batches of bounded size, in order", async () => {
    const fleet = fleetOf({ video: ["a:1"] });
    const large = (n: number): Sent => ({ ...event(n), payload: JSON.stringify("x".repeat(100_000)) });
    await fleet
      .route("video")
      .send([large(1), large(2), large(3), ...Array.from({ length: 70 }, (_, n) => event(n + 4))]);
    assert.deepEqual(fleet.sizes, [2, 64, 7]);
    assert.deepEqual(
      fleet.delivered.map((line) => Number(line.split(" ")[2])),
      Array.from({ length: 73 }, (_, n) => n + 1),
    );
  });
});

const type = "fact.happened.v1";
const event = (n: number): Sent => ({
  position: n,
  eventId: String(n),
  type,
  source: "publisher",
  key: 1,
  payload: "{}",
  traceId: "t",
});

function fleetOf(addresses: Record<string, readonly string[]>) {
  const fleet = {
    delivered: [] as string[],
    sizes: [] as number[],
    away: new Set<string>(),
    types: [type],
    /** The service of the process; that of the route when left out. */
    runs: undefined as string | undefined,
    elapsedMs: 0,
    route: (service: string) => {
      const route = routes().find(({ name }) => name === service);
      assert.ok(route);
      return route;
    },
  };
  const routes = createRemoteRoutes({
    registry: createStaticRegistry(addresses),
    consumers: () => Object.keys(addresses),
    elapsed: () => fleet.elapsedMs,
    at: ({ service, host, port }) => {
      const reached = () => {
        if (fleet.away.has(`${host}:${port}`)) throw ServiceUnavailable({ service });
      };
      return {
        async subscriptions() {
          reached();
          return { items: [{ consumer: fleet.runs ?? service, types: [...fleet.types] }] };
        },
        async deliver({ consumer, events }) {
          reached();
          fleet.sizes.push(events.length);
          for (const { eventId } of events) fleet.delivered.push(`${host}:${port} ${consumer} ${eventId}`);
          return {};
        },
      };
    },
  });
  return fleet;
}
