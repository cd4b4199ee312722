import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Registry } from "./port.ts";
import { createStaticRegistry } from "./static.ts";

type Listed = Readonly<Record<string, readonly string[]>>;

/** The conformance suite of registries, run against each adapter with the same instances known to it. */
for (const [name, knowing] of [
  ["of a fixed list", async (listed: Listed): Promise<Registry> => createStaticRegistry(listed)],
] as const)
  describe(`a registry ${name}`, () => {
    it("lists every instance of a service, with IPv6, and none of an unknown one", async () => {
      const registry = await knowing({ user: ["10.0.0.2:9001", "[::1]:9002"], video: ["video.local:9003"] });
      assert.deepEqual(registry.find("user"), [
        { service: "user", host: "10.0.0.2", port: 9001 },
        { service: "user", host: "::1", port: 9002 },
      ]);
      assert.deepEqual([registry.find("live"), registry.services()], [[], ["user", "video"]]);
    });

    it("knows a service without running instances", async () => {
      const registry = await knowing({ user: [] });
      assert.deepEqual([registry.find("user"), registry.services()], [[], ["user"]]);
    });

    it("refuses malformed addresses", async () => {
      for (const wrong of ["user", "user:", ":1", "a:99999", "::1:80", "a:1:2", "[a:1"])
        await assert.rejects(async () => knowing({ user: [wrong] }), { message: /is not host:port/ }, wrong);
    });
  });
