import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Consul } from "#test/servers/consul";
import { startEtcd } from "#test/servers/etcd";
import { Nacos } from "#test/servers/nacos";
import { remotePlaceOf } from "../config/remote-place.ts";
import { createRemoteReader } from "./reader.ts";

const settings = { limits: { ratePerAddress: "read=5" }, site: { name: "Harbour" } };
const read = (url: string) => createRemoteReader(remotePlaceOf(url))(AbortSignal.timeout(5_000));

describe("the remote configuration", () => {
  it("is read from keys of etcd, by a point or a slash, and is empty where there are none", async () => {
    await using etcd = await startEtcd();
    const put = (key: string, value: string) =>
      etcd.ask("/v3/kv/put", {
        key: Buffer.from(key).toString("base64"),
        value: Buffer.from(value).toString("base64"),
      });
    const url = etcd.url.replace("http:", "etcd:");
    assert.deepEqual(await read(`${url}/kinora/config`), {});
    await put("/kinora/config/limits.ratePerAddress", "read=5");
    await put("/kinora/config/site/name", "Harbour");
    await put("/kinora/configuration", "another prefix");
    assert.deepEqual(await read(`${url}/kinora/config/`), settings);
  });

  it("is read from keys of Consul with a token", async () => {
    await using consul = new Consul("a-token");
    await consul.start();
    const url = (token: string) => consul.url.replace("http://", `consul://:${token}@`);
    assert.deepEqual(await read(`${url("a-token")}/kinora`), {});
    consul.values.set("kinora/", "");
    consul.values.set("kinora/limits.ratePerAddress", "read=5");
    consul.values.set("kinora/site/name", "Harbour");
    assert.deepEqual(await read(`${url("a-token")}/kinora`), settings);
    await assert.rejects(read(`${url("another")}/kinora`), /403: Permission denied/);
  });

  it("is read from a document of Nacos, in its namespace and group", async () => {
    await using nacos = new Nacos({ username: "kinora", password: "a:word" });
    await nacos.start();
    const url = nacos.url.replace("http://", "nacos://kinora:a%3Aword@");
    const place = `${url}/kinora.yml?namespace=staging&group=VIDEO`;
    assert.deepEqual(await read(place), {});
    nacos.documents.set("staging/VIDEO/kinora.yml", "limits:\n  ratePerAddress: read=5\nsite: { name: Harbour }\n");
    assert.deepEqual(await read(place), settings);
    nacos.documents.set("staging/VIDEO/kinora.yml", "- nonsense");
    await assert.rejects(read(place), /no map of settings/);
  });

  it("refuses other addresses", () => {
    for (const wrong of ["http://a/b", "etcd://10.0.0.2:2379", "etcd:///prefix", "nonsense", "zookeeper://a/b"])
      assert.throws(() => remotePlaceOf(wrong), /must be etcd:\/\//, wrong);
  });
});
