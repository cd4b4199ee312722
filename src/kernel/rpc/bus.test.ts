import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Client } from "../contract.ts";
import { ServiceUnavailable } from "../errors.ts";
import { staticRegistry } from "../registry/static.ts";
import { type bus, processBus } from "./bus.ts";

describe("the bus between processes", () => {
  it("tells each process once, however many services it runs, and none for a service that is here", async () => {
    const { told, deliver } = telling({ user: ["a:1"], auth: ["a:1"], video: ["b:2"], here: ["c:3"] });
    await deliver();
    assert.deepEqual(told.toSorted(), ["a:1", "b:2"]);
  });

  it("tells one of several replicas, and another when that one is away", async () => {
    const { told, deliver } = telling({ user: ["a:1", "b:2"], video: ["b:2"] }, ["a:1"]);
    await deliver();
    assert.deepEqual(told.toSorted(), ["a:1", "b:2"]);
    const fine = telling({ user: ["a:1", "b:2"], auth: ["b:2", "a:1"] });
    await fine.deliver();
    assert.deepEqual(fine.told, ["a:1"]);
  });

  it("fails when a service was reached nowhere, after everybody else was told", async () => {
    const { told, deliver } = telling({ user: ["a:1"], video: ["b:2"] }, ["a:1"]);
    await assert.rejects(deliver(), { code: "kernel.service_unavailable" });
    assert.deepEqual(told.toSorted(), ["a:1", "b:2"]);
    await assert.rejects(telling({ user: [] }).deliver(), {
      code: "kernel.service_unavailable",
      details: { service: "user" },
    });
  });
});

function telling(addresses: Record<string, readonly string[]>, away: readonly string[] = []) {
  const told: string[] = [];
  const one = processBus({
    registry: staticRegistry(addresses),
    isHere: (service) => service === "here",
    at: ({ service, host, port }): Client<typeof bus> => ({
      async hear() {
        told.push(`${host}:${port}`);
        if (away.includes(`${host}:${port}`)) throw ServiceUnavailable({ service });
        return {};
      },
    }),
  });
  return { told, deliver: () => one.deliver({ eventId: "e", type: "t", key: 1, payload: "{}", traceId: "t" }) };
}
