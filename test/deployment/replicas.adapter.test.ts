import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../cmd/services.ts";
import { Instance } from "../instance/instance.ts";
import { Person } from "../users/person.ts";
import { freePorts } from "../ports.ts";
import { type Redis, startRedis } from "../servers/redis.ts";
import { type Replication, startReplication } from "../servers/replication.ts";
import { until } from "../until.ts";

/** The services beside the gateway in its process. */
const nearby = ["upload", "drive", "media", "transcoder", "video", "streaming"];

describe("a server with a database replica", { timeout: 300_000 }, () => {
  before(async () => {
    [replication, redis] = await Promise.all([startReplication(), startRedis()]);
    for (const name of ["whole", "split"]) await replication.primary.ask(`CREATE DATABASE ${name}`);
    blobs = await mkdtemp(join(tmpdir(), "kinora-replicas-"));
    [whole, split] = await Promise.all([startWhole(), startSplit()]);
    for (const layout of [whole, split]) {
      await Promise.all([layout.mira, layout.ola].map((person) => person.signUp()));
      await isTrusted(layout);
    }
  });
  after(async () => {
    for (const { processes } of [whole, split]) for (const one of processes) await one[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
    await replication[Symbol.asyncDispose]();
    await rm(blobs, { recursive: true, force: true });
  });

  it("shows a user's own changes immediately, and others the state of the replica, in one process", () =>
    ownWriteIsSeen(whole));
  it("shows a user's own changes immediately, and others the state of the replica, in two processes", () =>
    ownWriteIsSeen(split));

  it("executes a command without a read from the replica", async () => {
    await lagging(whole, async (name, made) => {
      const before = await replicaReads(whole);
      const { status, data } = await whole.ola.ask("POST", "/hashtags", { body: { name } });
      assert.deepEqual([status, data["id"]], [200, made]);
      assert.equal(await replicaReads(whole), before);
    });
  });

  it("shows a user's own changes after the cache was emptied and while it is unavailable", async () => {
    await lagging(whole, async (name) => {
      await redis.ask("FLUSHALL");
      assert.equal((await get(whole.mira, name)).status, 200);
    });
    await isTrusted(whole);
    await lagging(whole, async (name) => {
      await redis.kill();
      assert.equal((await get(whole.mira, name)).status, 200);
    });
    await lagging(whole, async (name) => {
      assert.equal((await get(whole.mira, name)).status, 200);
    });
    await redis.start();
    await isTrusted(whole);
  });

  it("is ready without the replica, reports it as degraded, and reads from it again after its return", async () => {
    const [process] = whole.processes;
    assert.ok(process);
    const readiness = async () => {
      const answer = await fetch(`${process.url}/ready`);
      return { code: answer.status, ...((await answer.json()) as { degraded?: { replicas?: string } }) };
    };
    assert.deepEqual((await readiness()).degraded, undefined);
    await replication.standby.kill();
    for (let n = 0; n < 20; n++) assert.equal((await whole.mira.ask("GET", "/hashtags/hot")).status, 200);
    const { code, degraded } = await until(async () => {
      const answer = await readiness();
      return answer.degraded && answer;
    });
    assert.equal(code, 200);
    assert.match(degraded?.replicas ?? "", new RegExp(`^127.0.0.1:${replication.standby.port}: `));
    await replication.standby.start();
    await until(async () => (await readiness()).degraded === undefined);
    await isTrusted(whole);
    const lines = process.log.filter((line) => line.includes("a replica is not read from"));
    assert.equal(
      lines.length,
      1 + process.log.filter((line) => line.includes("too far behind")).length,
      lines.join("\n"),
    );
  });
});

/** A server, and two who use it. */
interface Layout {
  readonly processes: readonly Instance[];
  /** The process that reads hashtags. */
  readonly reading: Instance;
  readonly mira: Person;
  readonly ola: Person;
}
let replication: Replication;
let redis: Redis;
let blobs = "";
let whole: Layout;
let split: Layout;
let names = 0;

const envOf = (database: string) => ({
  KINORA_DB_URL: replication.primary.url(database),
  KINORA_DB_REPLICA_URLS: replication.standby.url(database),
  KINORA_RATE_LIMIT: "off",
});

async function startWhole(): Promise<Layout> {
  const process = await Instance.start({ env: { ...envOf("whole"), KINORA_REDIS_URL: redis.url } });
  return { processes: [process], reading: process, mira: new Person(process.url), ola: new Person(process.url) };
}

async function startSplit(): Promise<Layout> {
  const ports = await freePorts(2);
  const others = roleNames.filter((name) => name !== "gateway" && !nearby.includes(name));
  const parts = [["gateway", ...nearby], others];
  const env = {
    ...envOf("split"),
    KINORA_REGISTRY_ADDRESS: parts.flatMap((part, n) => part.map((name) => `${name}=127.0.0.1:${ports[n]}`)).join(","),
    KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
    KINORA_BLOB_URL: pathToFileURL(blobs).href,
  };
  const [gateway, reading] = await Promise.all(
    parts.map((part, n) => Instance.start({ flags: ["--services", part.join(","), "--rpc-port", `${ports[n]}`], env })),
  );
  assert.ok(gateway && reading);
  return { processes: [gateway, reading], reading, mira: new Person(gateway.url), ola: new Person(gateway.url) };
}

const get = (person: Person, name: string) => person.ask("GET", `/hashtags/by-name/${name}`);

/** How many reads of this process a replica answered. */
async function replicaReads({ reading }: Layout): Promise<number> {
  const text = await (await fetch(`${reading.url}/metrics`)).text();
  return Number(/^db_reads_total\{target="replica"\} (\d+)/m.exec(text)?.[1] ?? 0);
}

/** Settles when the replica answers both of them: it is current, and their positions were kept for long enough. */
async function isTrusted(layout: Layout): Promise<void> {
  for (const person of [layout.mira, layout.ola])
    await until(async () => {
      const before = await replicaReads(layout);
      assert.equal((await person.ask("GET", "/hashtags/hot")).status, 200);
      return (await replicaReads(layout)) > before;
    });
}

/** Has mira make a hashtag that the replica does not get to know before `work` is over. */
async function lagging(layout: Layout, work: (name: string, id: unknown) => Promise<void>): Promise<void> {
  await replication.pause();
  try {
    const name = `sea${names++}`;
    const { status, data } = await layout.mira.ask("POST", "/hashtags", { body: { name } });
    assert.equal(status, 200);
    await work(name, data["id"]);
  } finally {
    await replication.resume();
  }
}

async function ownWriteIsSeen(layout: Layout): Promise<void> {
  let last = "";
  // On a slow machine the replica may have been too far behind for anybody by then.
  await until(async () => {
    await isTrusted(layout);
    let isLagging = false;
    await lagging(layout, async (name) => {
      last = name;
      const [own, others] = await Promise.all([get(layout.mira, name), get(layout.ola, name)]);
      assert.equal(own.status, 200);
      isLagging = others.status === 404;
    });
    return isLagging;
  });
  await until(async () => (await get(layout.ola, last)).status === 200);
}
