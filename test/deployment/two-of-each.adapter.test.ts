import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { loadConfig } from "../../cmd/compose/config.ts";
import { fleetChecks } from "../../cmd/doctor/fleet.ts";
import { keys } from "../../cmd/keys.ts";
import { roleNames } from "../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../instance/database-server.ts";
import { Instance } from "../instance/instance.ts";
import { isNightly } from "../depth.ts";
import { freePorts } from "../ports.ts";
import { startHaproxy } from "../servers/haproxy.ts";
import { type Redis, startRedis } from "../servers/redis.ts";
import { soon, until } from "../until.ts";
import { LiveLoad } from "../users/live-load.ts";
import { Load, uploadBytes } from "../users/load.ts";
import { patiently, Person } from "../users/person.ts";
import { published } from "../users/published.ts";

/** Longer than HAProxy here needs to notice. */
const stopDelay = "3s";
/** S3.2: a session that ended is over everywhere within this time. */
const endedMs = 10_000;

describe("two processes of each service, with data folders of their own", () => {
  before(async () => {
    blobs = await mkdtemp(join(tmpdir(), "kinora-twice-"));
    [database, redis] = await Promise.all([startSharedDatabase(), startRedis()]);
    const ports = await freePorts(2);
    rtmpPorts = await freePorts(2);
    const services = roleNames.filter((name) => name !== "gateway");
    const addresses = services.flatMap((name) => ports.map((port) => `${name}=127.0.0.1:${port}`));
    const env = {
      KINORA_DB_URL: database.url,
      KINORA_REDIS_URL: redis.url,
      KINORA_REGISTRY_ADDRESS: addresses.join(),
      KINORA_CLUSTER_SECRET: secrets.first,
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
      KINORA_STOP_DELAY: stopDelay,
    };
    startAt = (port, more = {}) =>
      Instance.start({
        flags: ["--services", roleNames.join(), "--rpc-port", `${port}`, "--rtmp-port", `${rtmpPortOf(port)}`],
        env: { ...env, ...more },
      });
    const [one = 0, other = 0] = ports;
    const rtmpPortOf = (port: number) => rtmpPorts[ports.indexOf(port)] ?? 0;
    portOfOne = one;
    instances = await Promise.all([startAt(one), startAt(other)]);
  });
  after(async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
    await rm(blobs, { recursive: true, force: true });
  });

  it("accept a token at either, refresh it at the other, and end it at both (S3.2)", async () => {
    const [one, other] = instances;
    const person = new Person(one.url);
    await person.signUp();
    const { refreshToken } = await signIn(one, person);
    for (const instance of instances) assert.equal(await statusAt(instance, person), 200);
    const refreshed = await post(other, "/auth/refresh", { refresh_token: refreshToken });
    assert.equal(refreshed.status, 200, JSON.stringify(refreshed.body));
    assert.equal((await person.ask("POST", "/users/logout", { body: {} })).status, 200);
    await soon(endedMs, async () => (await statusAt(other, person)) === 401);
  });

  it("make ids that never collide: registrations and comments through both at once", async () => {
    const people = Array.from({ length: 12 }, () => instances.map(({ url }) => new Person(url))).flat();
    await Promise.all(people.map((person) => person.signUp()));
    const [author] = people;
    assert.ok(author);
    const videoId = await published(author);
    const comments = people.flatMap((person) =>
      Array.from({ length: 10 }, (_, n) =>
        patiently(() => person.ask("POST", `/videos/${videoId}/comments`, { key: `${n}`, body: { content: `${n}` } })),
      ),
    );
    const answers = await Promise.all(comments);
    assert.deepEqual([...new Set(answers.map(({ status, error }) => `${status} ${error}`))], ["200 "]);
    assert.equal(new Set(answers.map(({ data }) => data["id"])).size, 240);
    const held = await ask<{ held: number }>(
      "SELECT count(*)::int AS held FROM interaction.nodes WHERE holder IS NOT NULL AND lease_until_ms > 0",
    );
    assert.deepEqual(held, [{ held: 2 }]);
  });

  it("play a private video by a token of one at the other, and open an inbox with the other's ticket", async () => {
    const [one, other] = instances;
    const person = new Person(one.url);
    await person.signUp();
    const videoId = await published(person, "private");
    const { hls_url } = await person.get(`/streaming/${videoId}/address`);
    const { pathname, search } = new URL(String(hls_url));
    assert.match(search, /token=/);
    for (const { url } of instances) assert.equal((await fetch(url + pathname + search)).status, 200);

    const { data } = await person.ask("POST", "/ws/ticket", { body: {} });
    const socket = new WebSocket(`${other.url.replace("http", "ws")}/api/v1/ws?ticket=${String(data["ticket"])}`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    socket.close();
  });

  it("follow a live stream whose encoder moves from one to the other and back, without a missing segment", async () => {
    const [{ url }, other] = instances;
    const pushUrls = rtmpPorts.map((port) => `rtmp://127.0.0.1:${port}/live`);
    const person = new Person(url);
    await person.signUp();
    const [pushUrl = "", otherPushUrl = ""] = pushUrls;
    // The other gateway may learn of a segment later than the one whose playlist names it.
    const live = await LiveLoad.start({ url, segmentUrl: other.url, pushUrl }, person);
    for (const next of [otherPushUrl, pushUrl]) {
      await live.segments(2);
      live.encodeTo(next);
    }
    await live.segments(4);
    await live.stop();
    assert.deepEqual([live.failures, live.missing, live.connections], [[], [], 3]);
    const id = await until(async () => (await person.get(`/lives/${live.roomId}`))["video_id"] ?? undefined);
    const { duration } = await person.get(`/videos/${Number(id)}`);
    assert.ok(Number(duration) >= 7, `${Number(duration)} s`);
  });

  it("lose no request, upload, socket or live segment in a rolling restart behind HAProxy that replaces the cluster secret", async () => {
    const servers = instances.map(({ url }, at) => ({ url, rtmpPort: rtmpPorts[at] }));
    await using balancer = await startHaproxy(servers);
    const person = new Person(balancer.url);
    await person.signUp();
    const videoId = await published(person);
    const { used_bytes: before } = (await person.get("/upload/usage")) as { used_bytes: number };
    const load = new Load(balancer.url, person, videoId);
    const pushUrl = `rtmp://127.0.0.1:${balancer.rtmpPort}/live`;
    // Its recording counts as an upload of the host.
    const host = new Person(balancer.url);
    await host.signUp();
    const live = await LiveLoad.start({ url: balancer.url, pushUrl }, host);
    for (const instance of instances) {
      await load.requests(requestsBetween);
      assert.equal(await instance.stop(), 0);
      await Promise.all([load.requests(requestsBetween), live.segments(2)]);
      await instance.restart(nextSecrets);
    }
    await Promise.all([load.requests(requestsBetween), live.segments(2)]);
    await Promise.all([load.stop(), live.stop()]);
    assert.deepEqual([...load.failures, ...live.failures], []);
    assert.deepEqual(live.missing, []);
    assert.ok(live.connections >= 2, `${live.connections} connections of the encoder`);
    // Each socket was closed once by a process that went, and opened again at the other.
    assert.ok(load.sockets >= 2, `${load.sockets} sockets`);
    const { used_bytes: after } = (await person.get("/upload/usage")) as { used_bytes: number };
    assert.equal(after - before, load.uploads * uploadBytes);
  });

  it("keep everybody signed in when one is replaced by a process with an empty folder and the next secret alone", async () => {
    const [one, other] = instances;
    const person = new Person(one.url);
    await person.signUp();
    assert.match((await keysFinding(one)).mend, /npm run keys -- reseal$/);
    const output = { log: () => undefined, error: () => undefined };
    assert.equal(await keys(["reseal"], { ...nextSecrets, KINORA_DB_URL: database.url }, output), 0);
    assert.partialDeepStrictEqual(await keysFinding(one), { state: "ok" });
    await one[Symbol.asyncDispose]();
    instances = [await startAt(portOfOne, { KINORA_CLUSTER_SECRET: secrets.next }), other];
    for (const instance of instances) assert.equal(await statusAt(instance, person), 200);
  });
});

let database: SharedDatabase;
let redis: Redis;
let blobs = "";
let instances: [Instance, Instance];
let portOfOne = 0;
let rtmpPorts: readonly number[] = [];
let startAt: (port: number, more?: Readonly<Record<string, string>>) => Promise<Instance>;

const newSecret = () => randomBytes(32).toString("base64url");
const secrets = { first: newSecret(), next: newSecret() };
/** The settings of a process while the secret is replaced. */
const nextSecrets = { KINORA_CLUSTER_SECRET: secrets.next, KINORA_CLUSTER_SECRET_PREVIOUS: secrets.first };

/** The doctor's row about the keys, beside the running processes. */
async function keysFinding({ data }: Instance) {
  const { config } = loadConfig(["--data", data], { ...nextSecrets, KINORA_DB_URL: database.url }, data);
  const finding = (await fleetChecks(config)).find(({ name }) => name === "keys");
  assert.ok(finding);
  return finding;
}

async function ask<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function post({ url }: Instance, path: string, body: object) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as { data: Record<string, unknown> } }; // The envelope.
}

async function signIn(gateway: Instance, { username, password }: Person): Promise<{ refreshToken: string }> {
  const { body } = await post(gateway, "/users/login", { username, password });
  return { refreshToken: String(body.data["refresh_token"]) };
}

const statusAt = async ({ url }: Instance, { token }: Person): Promise<number> =>
  (await fetch(`${url}/api/v1/users/me`, { headers: { authorization: `Bearer ${token}` } })).status;

/** Between two steps of a rolling restart, of which there are five: ten thousand at night. */
const requestsBetween = isNightly ? 2_000 : 40;
