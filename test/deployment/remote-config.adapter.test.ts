import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { failedStart } from "../instance/failed-start.ts";
import { Instance } from "../instance/instance.ts";
import { type Etcd, startEtcd } from "../servers/etcd.ts";
import { until } from "../until.ts";

describe("a process with a remote configuration", () => {
  before(async () => {
    etcd = await startEtcd();
    await set("site.name", "Harbour");
    await set("server.port", "1");
    await set("limits.ratePerAddress", "read=1000");
    instance = await Instance.start({ env: { KINORA_CONFIG_URL: etcd.url.replace("http:", "etcd:") + prefix } });
  });
  after(async () => {
    await instance?.[Symbol.asyncDispose]();
    await etcd?.[Symbol.asyncDispose]();
  });

  it("takes its settings from there, below those of the machine", async () => {
    assert.equal(await nameOf(), "Harbour");
    assert.notEqual(new URL(instance.url).port, "1");
  });

  it("applies rates and the level of its log when they change, and names what waits for a restart", async () => {
    await set("limits.ratePerAddress", "read=300");
    await set("telemetry.logLevel", "debug");
    await set("site.name", "Quay");
    await until(async () => (await limitOf()) === "300");
    const line = await until(() => instance.log.find((text) => text.includes("the remote configuration changed")));
    assert.match(line, /limits\.ratePerAddress/);
    assert.match(line, /afterRestart.*site\.name/);
    assert.equal(await nameOf(), "Harbour");
  });

  it("keeps the former settings where the new ones are wrong or secret, and says why", async () => {
    await set("limits.ratePerAddress", "read=many");
    await set("mail.smtpUrl", "smtp://user:word@mail.example.org");
    const line = await until(() => instance.log.find((text) => text.includes("the remote configuration is refused")));
    assert.match(line, /remote configuration: mail\.smtpUrl.*a secret cannot be set in it/);
    assert.match(line, /remote configuration: limits\.ratePerAddress/);
    assert.equal(await limitOf(), "300");
    // Commands read the copy, and find settings that work.
    const copy = await readFile(join(instance.data, "remote.json"), "utf8");
    assert.match(copy, /read=300/);
    assert.doesNotMatch(copy, /mail\.example/);
    await remove("mail.smtpUrl");
    await set("limits.ratePerAddress", "read=400");
    await until(async () => (await limitOf()) === "400");
  });

  it("starts by its copy while etcd is away, and a new one does not start", async () => {
    await etcd.kill();
    await instance.stop();
    await instance.restart();
    assert.equal(await nameOf(), "Quay");
    assert.match(instance.log.join("\n"), /KINORA_CONFIG_URL: etcd at .* the copy of an earlier start is used/);
    await using stranger = await Instance.on({
      env: { KINORA_CONFIG_URL: etcd.url.replace("http:", "etcd:") + prefix },
    });
    const { code, text } = await failedStart(stranger);
    assert.equal(code, 2);
    assert.match(text, /KINORA_CONFIG_URL: etcd at .* cannot be read: .*; start it, or correct the URL/);
  });
});

const prefix = "/kinora/config";
let etcd: Etcd;
let instance: Instance;

const keyOf = (name: string) => Buffer.from(`${prefix}/${name}`).toString("base64");
const set = (name: string, value: string) =>
  etcd.ask("/v3/kv/put", { key: keyOf(name), value: Buffer.from(value).toString("base64") });
const remove = (name: string) => etcd.ask("/v3/kv/deleterange", { key: keyOf(name) });

async function nameOf(): Promise<unknown> {
  const answer = await fetch(`${instance.url}/api/v1/instance`);
  return ((await answer.json()) as { data: { name: unknown } }).data.name; // The envelope.
}

/** The limit that a request is counted against. */
async function limitOf(): Promise<string | null> {
  return (await fetch(`${instance.url}/api/v1/instance`)).headers.get("x-ratelimit-limit");
}
