import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import pg from "pg";
import type { Contract } from "#kernel";
import { CertificateFolder, testAuthority } from "#kernel/certificates/testing";
import { describeContract } from "#kernel/rpc/wire/contract-descriptor";
import { auth } from "#services/auth/contract";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import lock from "../../api/contracts.lock.json" with { type: "json" };
import { type SharedDatabase, startSharedDatabase } from "../instance/database-server.ts";
import { Instance } from "../instance/instance.ts";
import { freePorts } from "../ports.ts";
import { roleNames } from "../../cmd/services.ts";
import { startOnTemplate } from "../instance/template.ts";
import { until } from "../until.ts";
import { Person } from "../users/person.ts";

const clip = join(import.meta.dirname, "../media/silent-audio.mp4");
const second = ["gateway", "upload", "drive", "media", "transcoder", "video", "streaming"];
/** All others: accounts, and what consumes events of videos. */
const first = roleNames.filter((name) => !second.includes(name));

describe("two processes with mutual TLS", () => {
  before(async () => {
    const blobs = await mkdtemp(join(tmpdir(), "kinora-two-"));
    folders.push(blobs);
    const [a = 0, b = 0] = await freePorts(2);
    [partPort, gatewayPort] = [a, b];
    const addresses = [
      ...first.map((name) => `${name}=127.0.0.1:${a}`),
      ...second.map((name) => `${name}=127.0.0.1:${b}`),
    ];
    database = await startSharedDatabase();
    const authority = await testAuthority();
    authorityKey = authority.key;
    const [ofFirst, ofSecond, ofPlayer] = await Promise.all(
      ["user", "kinora", "player"].map((name) => CertificateFolder.issue(authority, name)),
    );
    assert.ok(ofFirst && ofSecond && ofPlayer);
    certificates.push(ofFirst, ofSecond, ofPlayer);
    const env = {
      KINORA_DB_URL: database.url,
      KINORA_REGISTRY_ADDRESS: addresses.join(","),
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
    };
    const part = (services: readonly string[], port: number, { files }: CertificateFolder) =>
      Instance.start({
        flags: ["--services", services.join(","), "--rpc-port", String(port)],
        env: {
          ...env,
          KINORA_SERVICE_REST: "on",
          KINORA_RPC_TLS_CERT: files.cert,
          KINORA_RPC_TLS_KEY: files.key,
          KINORA_RPC_TLS_CA: files.ca,
        },
      });
    const started = await Promise.all([
      startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } }),
      part(first, a, ofFirst),
      part(second, b, ofSecond),
    ]);
    instances.push(...started);
  });
  after(async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    for (const folder of certificates) await folder[Symbol.asyncDispose]();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  it("answer as one process does, from sign-up to the feed", async () => {
    const [one, , gateway] = instances;
    assert.ok(one && gateway);
    const [alone, apart] = await Promise.all([story(one.url), story(gateway.url)]);
    assert.deepEqual(apart, alone);
    assert.ok(alone.length > 15);
  });

  it("serve health, metrics and the REST routes of their services in the process without the gateway", async () => {
    const [, part, gateway] = instances;
    assert.ok(part && gateway);
    for (const path of ["/ping", "/health", "/ready", "/metrics"])
      assert.equal((await fetch(part.url + path)).status, 200, path);
    assert.match(await (await fetch(`${part.url}/metrics`)).text(), /^rpc_requests_total\{service="auth"/m);
    const noRoute = async (url: string) => (await (await fetch(url)).json()) as { error: string; paths?: object }; // The envelope.
    // Pages, compatible APIs, and services of the other process.
    for (const path of ["/", "/douyin/feed", "/api/v1/videos/1", "/api/v1/streaming/1/master.m3u8"])
      assert.equal((await noRoute(part.url + path)).error, "gateway.no_route", path);
    const person = new Person(part.url);
    await person.signUp();
    const there = await person.get("/users/me");
    person.url = gateway.url;
    assert.deepEqual(await person.get("/users/me"), there);
    const { status, error } = await new Person(part.url).ask("GET", "/users/me");
    assert.deepEqual([status, error], [401, "gateway.sign_in_first"]);
    const { paths = {} } = await noRoute(`${part.url}/openapi.json`);
    const named = Object.keys(paths);
    assert.ok(named.includes("/api/v1/users/{id}"), named.join());
    for (const path of ["/api/v1/streaming/{id}/master.m3u8", "/api/v1/media/{id}", "/douyin/feed/"])
      assert.ok(!named.includes(path), path);
  });

  it("export every listed metric", async () => {
    const texts = await Promise.all(instances.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    const names = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)));
    for (const name of wellKnown.trim().split(/\s+/)) assert.ok(names.has(name), name);
    const [one = ""] = texts;
    assert.match(one, /^events_published_total\{service="auth"\} [1-9]/m);
    assert.match(one, /^event_lag\{service="video"\} \d/m);
    assert.match(one, /^upload_bytes_total [1-9]/m);
  });

  it("accept external gRPC calls at the gateway alone, and only to methods with a public route", async () => {
    const { accessToken, userId } = await signedUpByGrpc();
    const bearer = { authorization: `Bearer ${accessToken}` };
    assert.partialDeepStrictEqual(await grpc(gatewayPort, user, "get", { id: BigInt(userId) }, bearer), {
      username: "grpc",
      showLikes: true,
    });
    const changed = await grpc(gatewayPort, user, "update", { id: BigInt(userId), nickname: "By wire" }, bearer);
    assert.partialDeepStrictEqual(changed, { nickname: "By wire" });
    const refused = async (code: Code, asked: Promise<unknown>) =>
      assert.rejects(asked, (error) => error instanceof ConnectError && error.code === code);
    await refused(Code.Unauthenticated, grpc(gatewayPort, user, "update", { id: BigInt(userId) }, {}));
    await refused(
      Code.Unauthenticated,
      grpc(gatewayPort, user, "get", { id: 1n }, { authorization: "Bearer nonsense" }),
    );
    await refused(Code.PermissionDenied, grpc(gatewayPort, auth, "removeDemo", {}, bearer));
    // Only our own services may vouch for it, no signed-in user.

    await refused(Code.Unauthenticated, grpc(gatewayPort, upload, "finish", { id: 1n }, bearer));
    await refused(Code.Unauthenticated, grpc(gatewayPort, media, "upload", { fileId: 1n }, bearer));
    await refused(Code.Unauthenticated, grpc(gatewayPort, auth, "account", { userId: BigInt(userId) }, bearer));
    await refused(Code.Unauthenticated, grpc(partPort, user, "get", { id: BigInt(userId) }, bearer));
    await refused(Code.Unauthenticated, grpc(partPort, auth, "instance", {}, {}));
  });

  it("use a renewed certificate without a restart", async () => {
    const [, part] = instances;
    const [folder] = certificates;
    assert.ok(part && folder);
    const authority = { cert: await readFile(folder.files.ca, "utf8"), key: authorityKey };
    await folder.renew(authority, "user");
    await until(() => part.log.some((line) => line.includes("the certificate of the RPC port was renewed")));
    const { accessToken, userId } = await signedUpByGrpc("renewed");
    assert.ok(accessToken.length > 0 && userId !== "");
  });

  it("list caches of both processes, and delete entries of one from the other", async () => {
    const [{ token: guest }, { user_id: id, token }] = [await signUp("noor"), await signUp("tove")];
    assert.ok(database);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("UPDATE auth.credentials SET role = 'admin' WHERE user_id = $1", [id]);
    await client.end();
    administrator.token = String(token);
    await ask("/users/me", { token: String(guest) });
    const entriesOf = async () => {
      const { list } = (await ask("/cache/policies", administrator)) as { list: { name: string; entries: number }[] };
      return list.find(({ name }) => name === "gateway.sessions")?.entries ?? 0;
    };
    await until(async () => (await entriesOf()) > 1);
    const body = JSON.stringify({ name: "gateway.sessions" });
    assert.deepEqual(await ask("/cache/invalidate", { method: "POST", body, ...administrator }), { invalidated: 1 });
    // The administrator who asks has an entry again.
    await until(async () => (await entriesOf()) === 1);
    const { processes } = (await ask("/cache/stats", administrator)) as { processes: object[] };
    assert.equal(processes.length, 2);
  });

  it("report to the monitor that they are well, in whichever process that is", async () => {
    const health = await until(async () => {
      const answer = await ask("/monitor/health", administrator);
      return answer["status"] === "ok" ? answer : undefined;
    });
    const processes = health["processes"] as { id: string; services: string[]; state: string; memory_bytes: number }[];
    assert.deepEqual(processes.map(({ services, state }) => `${state} ${services.includes("gateway")}`).toSorted(), [
      "ready false",
      "ready true",
    ]);
    assert.ok(processes.every(({ memory_bytes }) => memory_bytes > 10_000_000));
    const components = health["components"] as { name: string; state: string; latency_ms: number | null }[];
    // FFmpeg is reported once its first check has ended.
    const reported = components.map(({ name, state }) => `${name} ${state}`).filter((text) => text !== "ffmpeg ok");
    assert.deepEqual(reported.toSorted(), ["cache ok", "database ok", "events ok", "registry ok", "storage ok"]);
    assert.ok(components.some(({ latency_ms }) => (latency_ms ?? 0) > 0));
    const { list } = (await ask("/monitor/metrics?name=process_cpu&name=http_requests_total", administrator)) as {
      list: { name: string; labels: Record<string, string>; points: number[][] }[];
    };
    const measured = list.filter(({ name, points }) => name === "process_cpu" && points.length > 0);
    for (const { id } of processes) assert.ok(measured.some(({ labels }) => labels["process"] === id));
  });

  it("print the link of the first run at the gateway, which answers 503 without the other process", async () => {
    const [, part, gateway] = instances;
    assert.ok(part && gateway);
    assert.equal(part.firstRun, "");
    assert.match(gateway.firstRun, /\/first-run\?token=/);
    assert.equal((await fetch(`${gateway.url}/api/v1/instance`)).status, 200);
    await part.kill();
    const answer = await fetch(`${gateway.url}/api/v1/users/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "mira", password: "blue bicycle" }),
    });
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { error: string }).error],
      [503, "kernel.service_unavailable"],
    );
    const ready = await fetch(`${gateway.url}/ready`);
    assert.equal(ready.status, 503);
    const { missing, degraded } = (await ready.json()) as Record<"missing" | "degraded", object>; // The answer of a part.
    assert.deepEqual(Object.keys(missing), ["auth"]);
    // The instance service is a companion of auth.
    const others = [...first.filter((name) => name !== "auth"), "instance"];
    assert.deepEqual(Object.keys(degraded).toSorted(), others.toSorted());
  });
});

let database: SharedDatabase | undefined;
let authorityKey = "";
let partPort = 0;
let gatewayPort = 0;
const instances: Instance[] = [];
const administrator = { token: "" };

/** The data of an answer of the gateway that succeeds. */
async function ask(path: string, { token = "", ...init }: RequestInit & { token?: string } = {}) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${instances[2]?.url}/api/v1${path}`, { ...init, headers });
  assert.equal(answer.status, 200, path);
  return ((await answer.json()) as { data: Record<string, unknown> }).data;
}
const signUp = (username: string) =>
  ask("/users/register", { method: "POST", body: JSON.stringify({ username, password: "blue bicycle" }) });
const folders: string[] = [];
/** The certificates of both processes, and of a foreign client. */
const certificates: CertificateFolder[] = [];

/** As a client in any language would, from the descriptors. */
async function grpc(
  port: number,
  contract: Contract,
  method: string,
  input: Record<string, unknown>,
  headers: Record<string, string>,
) {
  const desc = describeContract(contract, lock).methods.get(method)?.desc;
  assert.ok(desc);
  const { cert = "", key = "", ca = "" } = certificates[2]?.files ?? {};
  const [own, ownKey, authority] = await Promise.all([readFile(cert), readFile(key), readFile(ca)]);
  const transport = createGrpcTransport({
    baseUrl: `https://127.0.0.1:${port}`,
    idleConnectionTimeoutMs: 100,
    nodeOptions: { cert: own, key: ownKey, ca: authority, servername: port === partPort ? "user" : "kinora" },
  });
  // None of these streams.
  const { message } = await transport.unary(desc as DescMethodUnary, undefined, 10_000, headers, input);
  return message as unknown as Record<string, unknown>;
}

async function signedUpByGrpc(username = "grpc"): Promise<{ accessToken: string; userId: string }> {
  const session = await grpc(gatewayPort, auth, "register", { username, password: "blue bicycle" }, {});
  return { accessToken: String(session["token"]), userId: String(session["userId"]) };
}

/** A client's view of the main job and of its mistakes, without values that differ between any two runs. */
/** The names of metrics that dashboards and autoscalers know, of everything that runs here. */
const wellKnown = `
  http_requests_total http_request_duration_seconds rpc_requests_total rpc_request_duration_seconds
  events_published_total events_consumed_total event_lag db_pool_in_use
  cache_hits_total cache_misses_total transcode_jobs upload_bytes_total`;

async function story(base: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  let token = "";
  const ask = async (verb: string, path: string, body?: object | FormData): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method: verb,
      headers: {
        ...(token !== "" && { authorization: `Bearer ${token}` }),
        ...(body && !(body instanceof FormData) && { "content-type": "application/json" }),
      },
      ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    const envelope = (await answer.json()) as Record<string, unknown>;
    seen.push([verb, path.replaceAll(/\d{9,}/g, "ID"), answer.status, comparable(envelope, base)]);
    return (envelope["data"] ?? {}) as Record<string, unknown>;
  };
  const account = { username: "mira", password: "blue bicycle" };
  await ask("POST", "/users/register", { username: "x", password: "y" });
  const session = await ask("POST", "/users/register", account);
  await ask("POST", "/users/register", account);
  await ask("POST", "/users/login", { ...account, password: "another one" });
  await ask("GET", "/users/me");
  token = String(session["token"]);
  await ask("GET", "/users/me");
  await ask("PUT", `/users/${String(session["user_id"])}`, { nickname: "Mira", email: "mira@example.org" });
  await ask("PUT", "/users/me", { email: "no address", gender: 7 });
  await ask("GET", "/videos/99");
  await ask("POST", "/videos/99/like");
  await ask("POST", "/videos", { title: "" });
  const form = new FormData();
  form.set("file", new Blob([await readFile(clip)]), "clip.mp4");
  form.set("title", "Bright sea");
  const response = await ask("POST", "/videos", form);
  const video = String(response["id"]);
  // Its cover comes a moment after it, its preview last: seen in one story and not in the other, it would be a difference.
  await until(async () => {
    const answer = await fetch(`${base}/api/v1/recommend/feed`);
    const { data } = (await answer.json()) as { data: { list: { cover_url: string; preview_url: string | null }[] } }; // The contract's own shape.
    return data.list.some(({ cover_url, preview_url }) => cover_url !== "" && preview_url !== null);
  });
  await ask("GET", "/recommend/feed");
  await ask("GET", `/videos/${video}`);
  await ask("POST", `/videos/${video}/like`);
  await ask("POST", `/videos/${video}/play`, { position: 5, duration: 5 });
  await ask("GET", `/videos/${video}`);
  await ask("GET", "/users/me/videos?page=1");
  await ask("DELETE", `/videos/${video}`);
  await ask("GET", `/videos/${video}`);
  await ask("POST", "/users/logout");
  await until(
    async () =>
      (await fetch(`${base}/api/v1/users/me`, { headers: { authorization: `Bearer ${token}` } })).status === 401,
  );
  return seen;
}

/** Ids, tokens, traces and times differ, and where the instance is; everything else must not. */
function comparable(value: unknown, base: string): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, base));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [
        name,
        /token|trace_id|hash/.test(name) ? typeof field : comparable(field, base),
      ]),
    );
  if (typeof value === "number" && value > 1e9) return "ID";
  if (typeof value !== "string") return value;
  return value
    .replaceAll(base, "BASE")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\d{9,}/g, "ID")
    .replaceAll(/[?&]token=[\w.-]+/g, "?token");
}
