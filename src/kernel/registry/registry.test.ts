import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { describe, it } from "node:test";
import { silentLog } from "../log/port.ts";
import { createDnsDirectory } from "./dns.ts";
import { createDirectoryRegistry } from "./directory-registry.ts";
import type { Registry } from "./port.ts";
import { createStaticRegistry } from "./static.ts";

describe("a registry of a fixed list", () => {
  it("lists every instance of a service, with IPv6, and none of an unknown one", () => {
    const registry = createStaticRegistry({ user: ["10.0.0.2:9001", "[::1]:9002"], video: ["video.local:9003"] });
    assert.deepEqual(registry.find("user"), [
      { service: "user", host: "10.0.0.2", port: 9001 },
      { service: "user", host: "::1", port: 9002 },
    ]);
    assert.deepEqual([registry.find("live"), registry.services()], [[], ["user", "video"]]);
  });

  it("knows a service without running instances", () => {
    const registry = createStaticRegistry({ user: [] });
    assert.deepEqual([registry.find("user"), registry.services()], [[], ["user"]]);
  });

  it("refuses malformed addresses", () => {
    for (const wrong of ["user", "user:", ":1", "a:99999", "::1:80", "a:1:2", "[a:1"])
      assert.throws(() => createStaticRegistry({ user: [wrong] }), { message: /is not host:port/ }, wrong);
  });
});

describe("a registry of name servers", () => {
  it("has each address of a service's name as an instance, and none where the name is unknown", async () => {
    answers.set("user.kinora.svc", [address("10.0.0.2"), address("fd00::2")]);
    answers.set("video.kinora.svc", failure("ENOTFOUND"));
    await using registry = await started();
    assert.deepEqual(registry.find("user"), [
      { service: "user", host: "10.0.0.2", port: 19_090 },
      { service: "user", host: "fd00::2", port: 19_090 },
    ]);
    assert.deepEqual([registry.find("video"), registry.find("live"), registry.away()], [[], [], undefined]);
    assert.deepEqual(registry.services(), ["user", "video", "instance"]);
  });

  it("finds a companion under the name of the service that it runs beside", async () => {
    answers.set("user.kinora.svc", [address("10.0.0.2")]);
    await using registry = await started();
    assert.deepEqual(registry.find("instance"), [{ service: "user", host: "10.0.0.2", port: 19_090 }]);
  });

  it("keeps the last addresses while name servers are away, and follows changes after their return", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const later = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      t.mock.timers.tick(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    };
    answers.set("user.kinora.svc", [address("10.0.0.2")]);
    await using registry = await started();
    answers.set("user.kinora.svc", failure("EAI_AGAIN"));
    await later();
    assert.equal(registry.find("user").length, 1);
    assert.match(registry.away() ?? "", /user\.kinora\.svc: EAI_AGAIN/);
    answers.set("user.kinora.svc", [address("10.0.0.3"), address("10.0.0.4")]);
    await later();
    assert.deepEqual(
      registry.find("user").map(({ host }) => host),
      ["10.0.0.3", "10.0.0.4"],
    );
    assert.equal(registry.away(), undefined);
  });

  it("refuses a pattern that is no address", () => {
    for (const wrong of ["{service}", "{service}.svc:99999"])
      assert.throws(() => registryBy(wrong), /is not host:port/, wrong);
  });
});

const answers = new Map<string, readonly LookupAddress[] | Error>();
const address = (text: string): LookupAddress => ({ address: text, family: text.includes(":") ? 6 : 4 });
const failure = (code: string): Error => Object.assign(new Error(code), { code });

const registryBy = (pattern: string): Registry =>
  createDirectoryRegistry({
    directory: createDnsDirectory({
      pattern,
      names: ["user", "video"],
      async lookup(host) {
        const answer = answers.get(host) ?? [];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    }),
    services: ["user", "video", "instance"],
    nameOf: (service) => (service === "instance" ? "user" : service),
    patienceMs: 5_000,
    log: silentLog,
  });

async function started() {
  const registry = registryBy("{service}.kinora.svc:19090");
  await registry.start();
  return { ...registry, [Symbol.asyncDispose]: () => registry.close() };
}
