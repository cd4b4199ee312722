import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BlobStores } from "#kernel/blob/stores/stores";
import { type Made, onDisk } from "#kernel/blob/testing";
import type { MemberStore } from "#kernel/blob/stores/stores";
import { onS3 } from "#kernel/blob/s3/testing";
import { embeddedCache } from "#kernel/cache/embedded";
import { type FastifyServer, createFastifyServer } from "#kernel/http/fastify/fastify";
import { silentLog } from "#kernel/log/port";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { callOf, TestHost } from "#kernel/host/testing";
import { failureOf } from "#gateway/format/envelope";
import { gateway } from "#gateway/gateway";
import { auth } from "#services/auth/contract";
import { authPlugin } from "#services/auth/plugin";
import { drivePlugin } from "#services/drive/plugin";
import { mediaPlugin } from "#services/media/plugin";
import { uploadPlugin } from "#services/upload/plugin";
import { userPlugin } from "#services/user/plugin";
import { until } from "#test/until";
import { transferPlugin } from "./plugin.ts";

describe("downloads while files are moved", () => {
  before(open);
  after(close);

  it("have the same bytes, whole and by range, in both directions", async () => {
    const bytes = randomBytes(3 * 2 ** 20 + 11);
    const admin = await signIn("keeper", "admin");
    const mira = await signIn("mira", "user");
    const sent = await ask("POST", "/api/v1/upload?name=film.bin&purpose=drive", mira, bytes);
    assert.equal(sent.statusCode, 200, sent.payload);
    const entry = await until(async () => {
      const { list } = dataOf(await ask("GET", "/api/v1/drive", mira));
      return list?.[0]?.id;
    });
    const path = `/api/v1/drive/${entry}/content`;
    const moving = { is: true };
    const counts = [0, 0, 0];
    const reading = Promise.all(
      counts.map(async (_, n) => {
        for (; moving.is; counts[n] = (counts[n] ?? 0) + 1) await readOnce(path, mira, bytes, counts[n]);
      }),
    );
    reading.catch(() => (moving.is = false));
    try {
      for (let moves = 0; moving.is && (moves < 3 || counts.some((count) => count <= 10)); moves++) {
        const [from, to] = moves % 2 === 0 ? ["near", "far"] : ["far", "near"];
        const begun = await ask("POST", "/api/v1/transfer", admin, { kind: "move", from, to, space: "upload" });
        assert.equal(begun.statusCode, 200, begun.payload);
        const { id } = dataOf(begun);
        await until(async () => {
          const now = await ask("GET", `/api/v1/transfer/${id}`, admin);
          return dataOf(now).status === "done";
        });
      }
    } finally {
      moving.is = false;
    }
    await reading;
  });

  it("refuse transfers by other users than administrators", async () => {
    const noor = await signIn("noor", "user");
    const input = { kind: "move", from: "near", to: "far" };
    assert.equal((await ask("POST", "/api/v1/transfer", noor, input)).statusCode, 403);
    assert.equal((await ask("GET", "/api/v1/transfer", noor)).statusCode, 403);
    assert.equal((await ask("GET", "/api/v1/transfer/stores", undefined)).statusCode, 401);
  });
});

/** Every fourth time all of it, otherwise a part. */
async function readOnce(path: string, token: string, bytes: Buffer, count = 0): Promise<void> {
  const start = Math.floor(Math.random() * bytes.length);
  const end = Math.min(bytes.length - 1, start + Math.floor(Math.random() * 2 ** 20));
  const isPart = count % 4 !== 0;
  const answer = await server.inject({
    method: "GET",
    url: path,
    headers: { authorization: `Bearer ${token}`, ...(isPart && { range: `bytes=${start}-${end}` }) },
  });
  assert.equal(answer.statusCode, isPart ? 206 : 200, answer.payload.slice(0, 300));
  assert.ok(answer.rawPayload.equals(isPart ? bytes.subarray(start, end + 1) : bytes), "other bytes");
}

const password = "correct horse";
let near: Made<MemberStore>;
let far: Made<MemberStore>;
let host: TestHost;
let server: FastifyServer;
let web: string;

async function open(): Promise<void> {
  [near, far] = [await onDisk(), await onS3()];
  const stores = new Map([
    ["near", near.store],
    ["far", far.store],
  ]);
  const blob = new BlobStores({ stores, places: {} });
  const common = { log: silentLog, metrics: createPrometheusMetrics(), cache: embeddedCache() };
  host = new TestHost({ settings: { transfer: { graceMs: 300 } }, parts: { blob, ...common } });
  for (const plugin of [authPlugin, userPlugin, uploadPlugin, mediaPlugin, drivePlugin, transferPlugin])
    await host.add(plugin as typeof userPlugin); // Each is added as it is.
  const services = await host.host();
  web = await mkdtemp(join(tmpdir(), "kinora-web-"));
  server = await createFastifyServer({ ...common, failed: failureOf, trustedProxies: [] });
  await gateway(server, {
    ...common,
    blob,
    contracts: services.contracts,
    client: (contract) => services.client(contract, "gateway"),
    version: "0.0.0",
    site: { name: "Test", uploadBytesMax: 10_000_000 },
    web,
    limits: undefined,
    hotBytesMax: 0,
    instance: "test",
    ready: () => services.ready(),
  });
}

async function close(): Promise<void> {
  await server.close();
  await host[Symbol.asyncDispose]();
  await near[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();
  await rm(web, { recursive: true });
}

async function signIn(username: string, role: "admin" | "user"): Promise<string> {
  if (role === "admin") await host.client(auth).ensure({ username, password, role }, callOf());
  else await ask("POST", "/api/v1/users/register", undefined, { username, password });
  const { token } = dataOf(await ask("POST", "/api/v1/users/login", undefined, { username, password }));
  assert.ok(token);
  return token;
}

function ask(method: "GET" | "POST", url: string, token: string | undefined, body?: object | Buffer) {
  const isBytes = Buffer.isBuffer(body);
  return server.inject({
    method,
    url,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": isBytes ? "application/octet-stream" : "application/json" }),
    },
    ...(body !== undefined && { payload: isBytes ? body : JSON.stringify(body) }),
  });
}

/** The data of an answer, in the shape of its contract. */
const dataOf = ({ payload }: { payload: string }): Data => (JSON.parse(payload) as { data: Data }).data;
interface Data {
  readonly id?: number;
  readonly status?: string;
  readonly token?: string;
  readonly list?: readonly { readonly id: number }[];
}
