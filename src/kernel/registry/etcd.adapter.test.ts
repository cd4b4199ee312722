import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Etcd, startEtcd } from "#test/servers/etcd";
import { until } from "#test/until";
import { silentLog } from "../log/port.ts";
import { directoryConformance, names, processAt, registryOver } from "./conformance.ts";
import type { Directory } from "./directory.ts";
import { createEtcdDirectory } from "./etcd.ts";
import type { Registry } from "./port.ts";

let etcd: Etcd | undefined;
before(async () => void (etcd = await startEtcd()));
after(() => etcd?.[Symbol.asyncDispose]());

const running = (): Etcd => {
  assert.ok(etcd);
  return etcd;
};
const directory = (token?: string, registerAs: readonly string[] = []) =>
  createEtcdDirectory({ urls: [running().url], token, names, registerAs, log: silentLog });

directoryConformance("etcd", {
  directory,
  engine: {
    kill: () => running().kill(),
    start: () => running().start(),
    wipe: () => running().wipe(),
    pause: () => running().pause(),
    resume: () => running().resume(),
  },
  keepsMetadata: true,
});

describe("the directory in etcd", () => {
  it("registers in the form of Kitex as well", async () => {
    await using registry = await started(directory(undefined, ["kitex/registry-etcd"]));
    registry.register(processAt("10.0.0.2"));
    await until(() => registry.find("user").length === 1);
    const key = Buffer.from("kitex/registry-etcd/user/10.0.0.2:9001").toString("base64");
    const { kvs } = (await running().ask("/v3/kv/range", { key })) as { kvs: { value: string }[] }; // Its documented shape.
    const value: unknown = JSON.parse(Buffer.from(kvs[0]?.value ?? "", "base64").toString());
    assert.deepEqual(value, { network: "tcp", address: "10.0.0.2:9001", weight: 100, tags: { version: "1.2.3" } });
    await registry.withdraw();
    assert.equal((await running().ask("/v3/kv/range", { key }))["kvs"], undefined);
  });

  it("follows changes of a weight, ignores keys that describe no instance, and goes on after a compaction", async () => {
    await using registry = await started(directory());
    const put = (name: string, value: unknown) =>
      running().ask("/v3/kv/put", {
        key: Buffer.from(`/kinora/services/user/${name}`).toString("base64"),
        value: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64"),
      });
    await put("a", { host: "10.0.0.9", port: 1, weight: 100 });
    await put("b", "nonsense");
    await put("c", { host: "10.0.0.9", port: 100_000 });
    await until(() => registry.find("user")[0]?.weight === 100);
    await put("a", { host: "10.0.0.9", port: 1, weight: 0 });
    await until(() => registry.find("user")[0]?.weight === 0);
    const { header } = (await put("a", { host: "10.0.0.9", port: 2 })) as { header: { revision: string } }; // As documented.
    await running().ask("/v3/kv/compaction", { revision: header.revision });
    await until(() => registry.find("user")[0]?.port === 2);
    assert.equal(registry.find("user").length, 1);
    for (const name of ["a", "b", "c"])
      await running().ask("/v3/kv/deleterange", {
        key: Buffer.from(`/kinora/services/user/${name}`).toString("base64"),
      });
  });

  it("signs in with a user, again after etcd has forgotten its token, and says why it is refused", async () => {
    const ask = (path: string, body: object) => running().ask(path, body);
    await ask("/v3/auth/user/add", { name: "root", password: "correct:horse" });
    await ask("/v3/auth/user/grant", { user: "root", role: "root" });
    await ask("/v3/auth/enable", {});
    const root = (await ask("/v3/auth/authenticate", { name: "root", password: "correct:horse" }))["token"];
    try {
      await using registry = await started(directory("root:correct:horse"));
      registry.register(processAt("10.0.0.2"));
      await until(() => registry.find("user").length === 1);
      await running().kill();
      await running().start();
      await until(() => registry.away() !== undefined);
      await until(() => registry.away() === undefined);
      await registry.withdraw();
      await using stranger = createFollowing(directory("root:wrong"));
      void stranger.start();
      const reason = await until(() => stranger.away());
      assert.match(reason, /invalid|password|400/i);
    } finally {
      const login = await ask("/v3/auth/authenticate", { name: "root", password: "correct:horse" });
      await fetch(`${running().url}/v3/auth/disable`, {
        method: "POST",
        headers: { authorization: String(login["token"] ?? root) },
        body: "{}",
      });
    }
  });
});

function createFollowing(from: Directory): Registry & AsyncDisposable {
  const registry = registryOver(from);
  return { ...registry, [Symbol.asyncDispose]: () => registry.close() };
}

async function started(from: Directory): Promise<Registry & AsyncDisposable> {
  const registry = createFollowing(from);
  await registry.start();
  return registry;
}
