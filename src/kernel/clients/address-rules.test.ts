import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createFastifyServer } from "../http/fastify/fastify.ts";
import { silentLog } from "../log/port.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import { AddressRules } from "./address-rules.ts";

const trustedProxies = ["10.0.0.0/8", "127.0.0.1"];

describe("rules of addresses", () => {
  it("admit every address without lists", () => {
    const rules = new AddressRules({ deny: [], allow: [], trustedProxies });
    assert.ok(rules.isOpen && rules.admits("203.0.113.9"));
  });

  it("refuse what is denied, and admit only what is allowed; a denied range in an allowed one is refused", () => {
    const denying = new AddressRules({ deny: ["203.0.113.0/24"], allow: [], trustedProxies });
    assert.deepEqual(
      ["203.0.113.9", "::ffff:203.0.113.9", "203.0.114.1"].map((address) => denying.admits(address)),
      [false, false, true],
    );
    const allowing = new AddressRules({
      deny: ["192.0.2.7"],
      allow: ["192.0.2.0/24", "2001:db8::/32"],
      trustedProxies,
    });
    for (const [address, isAdmitted] of [
      ["192.0.2.8", true],
      ["192.0.2.7", false],
      ["2001:db8::1", true],
      ["2001:db9::1", false],
      ["198.51.100.1", false],
    ] as const)
      assert.equal(allowing.admits(address), isAdmitted, address);
  });

  it("admit peers of this machine, but not what they pass on as trusted proxies, nor who claims to be one", () => {
    const rules = new AddressRules({ deny: [], allow: ["192.0.2.0/24"], trustedProxies });
    for (const peer of ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"]) assert.ok(rules.admits(peer), peer);
    assert.ok(!rules.admits("127.0.0.1", "198.51.100.1"));
    assert.ok(rules.admits("127.0.0.1", "192.0.2.1"));
    for (const claim of ["127.0.0.1", "192.0.2.1", "::1"]) {
      assert.ok(!rules.admits("198.51.100.1", claim), claim);
      assert.ok(!rules.admits("10.0.0.1", `${claim}, 198.51.100.1`), claim);
      assert.ok(!rules.admits("10.0.0.1", `${claim}, 198.51.100.1 , 10.0.0.2`), claim);
    }
    assert.ok(!rules.admits("10.0.0.1", "127.0.0.1"), "another machine cannot be this one");
  });

  it("look at the address that routes see", async () => {
    const addresses = ["10.0.0.1", "10.1.2.3", "127.0.0.1", "192.0.2.1", "203.0.113.9", "2001:db8::1", ""];
    const parts = { log: silentLog, metrics: createPrometheusMetrics(), failed: () => ({}) };
    const server = await createFastifyServer({ ...parts, trustedProxies });
    server.route({ method: "GET", url: "/", declared: "test.who", handler: async ({ ip }) => ({ ip }) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...addresses.filter((address) => address !== "")),
        fc.array(fc.constantFrom(...addresses), { minLength: 1, maxLength: 4 }),
        async (peer, forwarded) => {
          const forwardedFor = forwarded.join(" , ");
          const headers = { "x-forwarded-for": forwardedFor };
          const { ip } = (await server.inject({ url: "/", remoteAddress: peer, headers })).json<{ ip: string }>();
          const rules = new AddressRules({ deny: [ip], allow: [], trustedProxies });
          assert.equal(
            rules.admits(peer, forwardedFor),
            ip === peer && peer === "127.0.0.1",
            `${peer} ${forwardedFor}`,
          );
        },
      ),
    );
    await server.close();
  });
});
