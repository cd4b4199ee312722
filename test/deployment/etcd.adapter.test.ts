import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../cmd/services.ts";
import { isNightly } from "../depth.ts";
import { type SharedDatabase, startSharedDatabase } from "../instance/database-server.ts";
import { failedStart } from "../instance/failed-start.ts";
import { Instance } from "../instance/instance.ts";
import { freePorts } from "../ports.ts";
import { type Etcd, startEtcd } from "../servers/etcd.ts";
import { type Redis, startRedis } from "../servers/redis.ts";
import { until } from "../until.ts";
import { Load, uploadBytes } from "../users/load.ts";
import { Person } from "../users/person.ts";
import { published } from "../users/published.ts";

/** Longer than a watch of etcd needs to reach the gateway. */
const stopDelay = "500ms";
const requestsBetween = isNightly ? 1_000 : 30;

describe("a gateway and two processes of all services that find each other in etcd", () => {
  before(async () => {
    blobs = await mkdtemp(join(tmpdir(), "kinora-etcd-blobs-"));
    [database, etcd, redis] = await Promise.all([startSharedDatabase(), startEtcd(), startRedis()]);
    const ports = await freePorts(3);
    const env = {
      KINORA_DB_URL: database.url,
      // Tickets of sockets are redeemed by either.
      KINORA_REDIS_URL: redis.url,
      KINORA_REGISTRY: "etcd",
      KINORA_REGISTRY_ADDRESS: etcd.url,
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
      KINORA_STOP_DELAY: stopDelay,
    };
    const services = roleNames.filter((name) => name !== "gateway").join();
    const [gatewayPort, leftPort, rightPort] = ports;
    [gateway, left, right] = await Promise.all(
      [
        ["gateway", gatewayPort],
        [services, leftPort],
        [services, rightPort],
      ].map(([named, port]) =>
        Instance.start({ flags: ["--services", String(named), "--rpc-port", String(port)], env }),
      ) as [Promise<Instance>, Promise<Instance>, Promise<Instance>], // Three.
    );
    person = new Person(gateway.url);
    await person.signUp();
    videoId = await published(person);
  });
  after(async () => {
    for (const instance of [gateway, left, right]) await instance?.[Symbol.asyncDispose]();
    await etcd?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    await rm(blobs, { recursive: true, force: true });
  });

  it("lose no request, upload or socket while each is restarted in turn", async () => {
    const { used_bytes: before } = (await person.get("/upload/usage")) as { used_bytes: number };
    const load = new Load(gateway.url, person, videoId);
    for (const instance of [left, right]) {
      await load.requests(requestsBetween);
      assert.equal(await instance.stop(), 0);
      await load.requests(requestsBetween);
      await instance.restart();
      await until(async () => (await registered("video")) === 2);
    }
    await load.requests(requestsBetween);
    await load.stop();
    assert.deepEqual(load.failures, []);
    const { used_bytes: after } = (await person.get("/upload/usage")) as { used_bytes: number };
    assert.equal(after - before, load.uploads * uploadBytes);
  });

  it("go on by their last addresses while etcd is away, say so, and register again in an empty one (R6, F16)", async () => {
    const works = async () => {
      const { status, error } = await person.ask("GET", `/videos/${videoId}`);
      assert.equal(status, 200, error);
    };
    await etcd.kill();
    await until(async () => (await degraded(gateway))["registry"] !== undefined);
    await works();
    await etcd.wipe();
    await etcd.start();
    const watch = setInterval(() => void works().catch((error: unknown) => failures.push(error)), 150);
    const failures: unknown[] = [];
    await until(async () => (await registered("video")) === 2);
    await until(async () => (await degraded(gateway))["registry"] === undefined);
    clearInterval(watch);
    assert.deepEqual(failures, []);
    await right.kill();
    await works();
  });

  it("do not start where etcd does not answer, and say which setting is to be mended (F16)", async () => {
    await etcd.kill();
    const { code, text } = await failedStart(right);
    assert.equal(code, 2);
    assert.match(
      text,
      /KINORA_REGISTRY_ADDRESS: etcd cannot be asked: .*ECONNREFUSED.*; start it, or correct the address/,
    );
  });
});

let database: SharedDatabase;
let etcd: Etcd;
let redis: Redis;
let blobs = "";
let gateway: Instance;
let left: Instance;
let right: Instance;
let person: Person;
let videoId = 0;

/** How many processes of a service are in etcd. */
async function registered(service: string): Promise<number> {
  const [key, end] = [`/kinora/services/${service}/`, `/kinora/services/${service}0`];
  const range = { key: Buffer.from(key).toString("base64"), range_end: Buffer.from(end).toString("base64") };
  const { count } = await etcd.ask("/v3/kv/range", { ...range, count_only: true });
  return Number(count ?? 0);
}

async function degraded({ url }: Instance): Promise<Record<string, string>> {
  const answer = (await (await fetch(`${url}/ready`)).json()) as { degraded?: Record<string, string> }; // Its documented shape.
  return answer.degraded ?? {};
}
