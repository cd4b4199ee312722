import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { without } from "#media/testing";
import pg from "pg";
import { roleNames } from "../../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../../instance/database-server.ts";
import { Instance } from "../../instance/instance.ts";
import { RunnerProcess } from "../../instance/runner-process.ts";
import { freePorts } from "../../ports.ts";
import { until } from "../../until.ts";
import { Person } from "../../users/person.ts";

const execute = promisify(execFile);
const ffmpeg = await execute("ffmpeg", ["-version"]).catch(() => undefined);
const skip = without(ffmpeg, "FFmpeg");
const clips = 5;

describe("two gateways, two transcoders and a runner", { skip, timeout: 900_000 }, () => {
  before(start);
  after(async () => {
    administrator?.hangUp();
    await Promise.all(
      [...gateways, ...transcoders, ...(rest ? [rest] : [])].map((instance) => instance[Symbol.asyncDispose]()),
    );
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it("lose nothing and do nothing twice when one of each is killed, in the middle of an upload and of jobs", async () => {
    const [gateway, other] = gateways;
    const [transcoder] = transcoders;
    assert.ok(gateway && other && transcoder);
    await using first = await RunnerProcess.start(await registration(other));
    const mediaIds: number[] = [];
    for (let n = 0; n < clips - 1; n++) mediaIds.push(await send(other, await clipOf(n)));
    mediaIds.push(await sendThroughKill(gateway, other, await clipOf(clips - 1)));

    const owners = async () =>
      (await ask<{ lease_owner: string }>("SELECT lease_owner FROM transcoder.jobs WHERE state = 'running'")).map(
        ({ lease_owner }) => lease_owner,
      );
    const isAtWork = async () => {
      const holders = await owners();
      return (
        holders.some((name) => name.startsWith("runner ")) && holders.some((name) => name.includes(transcoder.data))
      );
    };
    await until(isAtWork, { said: () => first.log.slice(-20).join("\n") });
    first.signal("SIGKILL", "group");
    await transcoder.kill();
    await using second = await RunnerProcess.start(await registration(other));
    await Promise.all([transcoder.restart(), gateway.restart()]);

    for (const id of mediaIds) await assertDoneOnce(id);
    const lost = await ask<{ lost: number }>("SELECT sum(lost)::int AS lost FROM transcoder.jobs");
    assert.ok((lost[0]?.lost ?? 0) >= 2, JSON.stringify(lost));
    assert.deepEqual(await ask("SELECT id FROM transcoder.jobs WHERE state NOT IN ('done')"), []);
    const files = await ask<{ files: number }>("SELECT count(*)::int AS files FROM upload.files");
    assert.deepEqual(files, [{ files: clips }]);
    assert.equal((await second.stop()).code, 0);
  });
});

let folder = "";
let database: SharedDatabase | undefined;
let administrator: Person | undefined;
let gateways: Instance[] = [];
let transcoders: Instance[] = [];
let rest: Instance | undefined;

async function start(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "kinora-killed-"));
  database = await startSharedDatabase();
  const others = roleNames.filter((name) => name !== "gateway" && name !== "transcoder");
  const [restPort = 0, ...transcoderPorts] = await freePorts(3);
  const addresses = [
    ...others.map((name) => `${name}=127.0.0.1:${restPort}`),
    ...transcoderPorts.map((port) => `transcoder=127.0.0.1:${port}`),
  ];
  const env = {
    KINORA_DB_URL: database.url,
    KINORA_REGISTRY_ADDRESS: addresses.join(),
    KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
    KINORA_BLOB_URL: pathToFileURL(join(folder, "blobs")).href,
    KINORA_RATE_LIMIT: "off",
    // Each leaves work to the others.
    KINORA_MEDIA_WORKERS: "1",
    KINORA_ADMIN_USERNAME: "keeper",
    KINORA_ADMIN_PASSWORD: "blue bicycle",
  };
  const startWith = (services: readonly string[], port?: number) =>
    Instance.start({
      flags: ["--services", services.join(), ...(port === undefined ? [] : ["--rpc-port", String(port)])],
      env,
    });
  [rest, transcoders, gateways] = await Promise.all([
    startWith(others, restPort),
    Promise.all(transcoderPorts.map((port) => startWith(["transcoder"], port))),
    Promise.all([startWith(["gateway"]), startWith(["gateway"])]),
  ]);
  administrator = new Person(gateways[1]?.url ?? "", "keeper");
  await administrator.signIn();
}

/** The environment of a new runner, whose home is reached through this gateway. */
async function registration({ url }: Instance) {
  const answer = await administrator?.ask("POST", "/admin/runner-registrations", { body: { label: "test" } });
  return { KINORA_RUNNER_URL: url, KINORA_RUNNER_TOKEN: String(answer?.data["token"]), KINORA_MEDIA_WORKERS: "1" };
}

async function clipOf(n: number): Promise<Buffer> {
  const path = join(folder, `${n}.mp4`);
  const source = `-f lavfi -i testsrc2=s=1280x720:r=25:d=10 -f lavfi -i sine=f=${n + 3}00:d=10`;
  const encoding = "-c:v libx264 -preset ultrafast -g 50 -pix_fmt yuv420p -c:a aac";
  await execute("ffmpeg", ["-v", "error", ...source.split(" "), ...encoding.split(" "), path]);
  return readFile(path);
}

/** Sends a whole file by tus; yields its media object. */
async function send(at: Instance, bytes: Buffer): Promise<number> {
  const id = await begin(at, bytes);
  return finish(at, id, 0, bytes);
}

/** Sends the first half of a file to a gateway that is killed meanwhile, and the rest to the other one. */
async function sendThroughKill(gateway: Instance, other: Instance, bytes: Buffer): Promise<number> {
  const id = await begin(gateway, bytes);
  const half = request(`${gateway.url}/api/v1/tus/${id}`, { method: "PATCH", headers: patchOf(0, bytes.byteLength) });
  half.on("error", () => undefined);
  half.write(bytes.subarray(0, bytes.byteLength / 2));
  const received = async () => Number((await tus(other, "HEAD", id)).headers.get("upload-offset"));
  await until(async () => {
    const [session] = await ask<{ received: number }>(
      `SELECT received_bytes::int AS received FROM upload.upload_sessions WHERE id = ${id}`,
    );
    return (session?.received ?? 0) > 0;
  });
  await gateway.kill();
  const offset = await until(async () => {
    const at = await received().catch(() => 0);
    return at > 0 ? at : undefined;
  });
  assert.ok(offset <= bytes.byteLength / 2, String(offset));
  return finish(other, id, offset, bytes);
}

async function begin(at: Instance, bytes: Buffer): Promise<string> {
  const metadata = `filename ${Buffer.from("clip.mp4").toString("base64")},purpose ${Buffer.from("media").toString("base64")}`;
  const headers = { "upload-length": String(bytes.byteLength), "upload-metadata": metadata };
  const answer = await tus(at, "POST", "", headers);
  assert.equal(answer.status, 201);
  return answer.headers.get("location")?.split("/").at(-1) ?? "";
}

async function finish(at: Instance, id: string, offset: number, bytes: Buffer): Promise<number> {
  const answer = await tus(at, "PATCH", id, patchOf(offset), bytes.subarray(offset));
  assert.equal(answer.status, 204, await answer.text());
  return Number(answer.headers.get("kinora-media-id"));
}

const patchOf = (offset: number, length?: number) => ({
  authorization: `Bearer ${administrator?.token ?? ""}`,
  "tus-resumable": "1.0.0",
  "upload-offset": String(offset),
  "content-type": "application/offset+octet-stream",
  ...(length !== undefined && { "content-length": String(length) }),
});

const tus = (
  { url }: Instance,
  method: string,
  id: string,
  headers: Readonly<Record<string, string>> = {},
  body?: Buffer,
) =>
  fetch(`${url}/api/v1/tus${id === "" ? "" : `/${id}`}`, {
    method,
    headers: { authorization: `Bearer ${administrator?.token ?? ""}`, "tus-resumable": "1.0.0", ...headers },
    ...(body && { body: new Uint8Array(body) }),
  });

/** Fails unless a media object has all that it was to have, each job of it done by one attempt alone. */
async function assertDoneOnce(id: number): Promise<void> {
  const jobsOf = () =>
    ask<{ kind: string; state: string }>(
      `SELECT kind, state FROM transcoder.jobs WHERE unique_key = '${id}' ORDER BY id`,
    );
  await until(async () => (await jobsOf()).some(({ kind, state }) => kind === "extras" && state === "done"), {
    waitMs: 300_000,
  });
  assert.deepEqual(
    (await jobsOf()).map(({ kind, state }) => `${kind} ${state}`),
    ["first done", "ladder done", "extras done"],
  );
  const { status, renditions } = (await administrator?.get(`/media/${id}`)) ?? {};
  const profiles = (renditions as { profile: string }[]).map(({ profile }) => profile); // By contract.
  assert.deepEqual([status, profiles], ["ready", ["240p", "480p", "720p"]]);
}

async function ask<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client(database?.url);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
