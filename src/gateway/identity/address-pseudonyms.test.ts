import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { contract, plugin, query } from "#kernel";
import fc from "fast-check";
import { z } from "zod";
import { TestHost } from "#kernel/host/testing";
import { until } from "#test/until";
import { auth } from "#services/auth/contract";
import { authPlugin } from "#services/auth/plugin";
import { networkOf } from "#kernel/clients/network";
import { AddressPseudonyms } from "./address-pseudonyms.ts";
import { TestGateway } from "../testing.ts";

describe("the pseudonym of an address", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    clockMs += 10 * dayMs;
    authIs = "there";
    requestCount = 0;
    await host.clear();
  });
  after(() => host[Symbol.asyncDispose]());

  it("is the same for all addresses of a /64, in any notation (S3.4)", async () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const four = fc.tuple(group, group, group, group);
    const sources = gateway();
    await fc.assert(
      fc.asyncProperty(four, four, four, async (network, a, b) => {
        const [one, other] = [a, b].map((host) => [...network, ...host].join(":"));
        assert.equal(await sources.of(one ?? ""), await sources.of(other ?? ""));
      }),
    );
    for (const written of ["2001:db8::1", "2001:db8:0:0::ffff", "2001:0db8:0000:0000:0:0:0:9", "2001:DB8::1%eth0"])
      assert.equal(networkOf(written), "2001:db8:0:0::/64");
    assert.equal(networkOf("::1"), "0:0:0:0::/64");
    assert.notEqual(networkOf("2001:db8:0:1::1"), networkOf("2001:db8::1"));
  });

  it("is the same for an IPv4 address and its IPv6-mapped form, and differs for the next address", () => {
    assert.equal(networkOf("::ffff:203.0.113.9"), networkOf("203.0.113.9"));
    assert.notEqual(networkOf("203.0.113.8"), networkOf("203.0.113.9"));
  });

  it("is the same at all gateways on one day, even at one that starts later, and changes the next day", async () => {
    const [one, other] = [gateway(), gateway()];
    const today = await one.of(address);
    assert.equal(await other.of(address), today);
    assert.notEqual(await one.of("203.0.113.10"), today);
    clockMs += 23 * hourMs;
    assert.equal(await gateway().of(address), today);
    assert.deepEqual([await one.of(address), requestCount], [today, 3]);
    clockMs += hourMs;
    const [next, same] = await Promise.all([one.of(address), other.of(address)]);
    assert.notEqual(next, today);
    assert.equal(same, next);
    assert.deepEqual([await gateway().of(address), requestCount], [next, 6]);
  });

  it("is made locally while auth is unavailable, changes daily, and is shared again once auth answers", async () => {
    authIs = "away";
    const one = gateway();
    const [own, again] = await Promise.all([one.of(address), one.of(address)]);
    assert.deepEqual([again, await one.of(address), requestCount], [own, own, 1]);
    clockMs += dayMs;
    const next = await one.of(address);
    assert.notEqual(next, own);
    authIs = "there";
    const shared = await gateway().of(address);
    assert.notEqual(shared, next);
    clockMs += 6_000;
    await until(async () => (await one.of(address)) === shared);
  });

  it("is returned without a further wait after auth did not answer in time", async () => {
    authIs = "silent";
    const one = gateway(100);
    const own = await one.of(address);
    clockMs += 6_000;
    // Asked again, and nobody waits for it: the name is there before any timer.
    const again = await Promise.race([one.of(address), new Promise((resolve) => setImmediate(resolve))]);
    assert.deepEqual([again, requestCount], [own, 2]);
  });

  it("reaches services, and is the same from two gateways", async () => {
    await using one = new TestGateway(async (own) => {
      await own.add(authPlugin);
      await own.add(mirror);
    });
    await one.app;
    const services = await one.host.host();
    const { contracts } = services;
    await using other = new TestGateway(async () => undefined, {
      client: (asked) => services.client(asked, "gateway"),
      contracts,
    });
    // One that had no answer within a second has a salt of its own for five.
    const seen = await until(async () => {
      const answers = await Promise.all([one, other].map((edge) => edge.ask("/api/v1/mirror")));
      const [name, alike] = answers.map(({ data }) => data["source"]);
      return name === alike ? name : undefined;
    });
    assert.match(String(seen), /^[\w-]{22}$/);
  });

  it("is not made with the salt of the day before", async () => {
    const one = gateway();
    const today = await one.of(address);
    authIs = "away";
    clockMs += dayMs;
    assert.notEqual(await one.of(address), today);
  });
});

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const address = "203.0.113.9";
let clockMs = Date.UTC(2026, 10, 20);
let authIs: "there" | "away" | "silent" = "there";
/** How often the gateways of a case asked. */
let requestCount = 0;
const host = new TestHost({ environment: { now: () => clockMs } });

/** Says who asks it. */
const mirror = plugin({
  contract: contract("mirror", 1, {
    look: query({
      http: "GET /api/v1/mirror",
      auth: "public",
      scope: "any",
      input: z.object({}),
      output: z.object({ source: z.string() }),
    }),
  }),
  needs: [],
  migrations: [],
  start: () => ({ handlers: { look: async (_, { source = "" }) => ({ source }) } }),
});

/** The pseudonyms of a process that knows nothing of others yet; it waits for auth however long that takes. */
function gateway(waitMs = 60_000): AddressPseudonyms {
  return new AddressPseudonyms(
    async (call) => {
      requestCount += 1;
      if (authIs === "away") throw new Error("nobody is there");
      if (authIs === "silent") return new Promise<never>(() => undefined);
      return host.client(auth).sourceSalt({}, call);
    },
    () => clockMs,
    waitMs,
  );
}
