import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { embeddedCache } from "#kernel/cache/embedded";
import { loadConfig } from "#kernel/config/load";
import { callerRates } from "#kernel/http/limits";
import { RateLimits } from "./rate-limits.ts";

describe("rate limits", () => {
  const refused = { code: "gateway.rate_limited" };

  it("count an account and an address by numbers of their own, and each class and group separately", async () => {
    const limits = new RateLimits(embeddedCache(), callerRates({ read: 2 }, { read: 3, write: 1 }));
    const [address, account] = [{ source: "s" }, { source: "s", userId: 7 }];
    for (let n = 0; n < 2; n++) await limits.count("read", "video", address);
    await assert.rejects(limits.count("read", "video", address), refused);
    for (let n = 0; n < 3; n++) await limits.count("read", "video", account);
    await assert.rejects(limits.count("read", "video", account), refused);
    await limits.count("read", "user", account);
    await limits.count("write", "video", account);
    await assert.rejects(limits.count("write", "video", account), refused);
    assert.equal((await limits.count("write", "video", address))?.limit, 100);
  });

  it("count nothing where they are off", async () => {
    const limits = new RateLimits(embeddedCache(), undefined);
    for (let n = 0; n < 400; n++) assert.equal(await limits.count("login", "auth", { source: "s" }), undefined);
  });

  it("come from the configuration, where other classes keep their default", () => {
    const load = (text: string) =>
      loadConfig([], { KINORA_LIMIT_RATE_ADDRESS: text }, "/nowhere", { names: ["gateway"], aliases: {} }).config;
    const { ratePerAddress, ratePerAccount } = load("read=600, login=5").limits;
    const { address, account } = callerRates(ratePerAddress, ratePerAccount);
    assert.deepEqual([address.read, address.login, address.write], [600, 5, 100]);
    assert.deepEqual([account.read, account.login], [300, 20]);
    for (const wrong of ["reads=1", "read=0", "read"]) assert.throws(() => load(wrong), /must be a list|whole number/);
  });
});
