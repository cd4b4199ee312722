import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { type Postgres, startPostgres } from "#kernel/postgres/postgres";
import type { VideoFormat, VideoFrame } from "#media/frames/frame";
import { encodedStream } from "#media/live/testing";
import { whepClient, whipClient } from "#services/live/stage/webrtc/testing";
import { Instance } from "../instance/instance.ts";
import packageJson from "../../package.json" with { type: "json" };
import { loadContracts, roleNames, serviceNames } from "../../cmd/services.ts";
import { Person } from "../users/person.ts";
import { freePorts } from "../ports.ts";
import { itAtNight } from "../depth.ts";
import { soon, until } from "../until.ts";

const mebibyte = 2 ** 20;
const others = roleNames.filter((name) => !["gateway", "upload"].includes(name));

describe("processes with one database and one store", () => {
  before(async () => {
    const [data = "", blobs = ""] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "kinora-any-"))));
    folders.push(data, blobs);
    database = await startPostgres(data, { max_connections: "400" });
    const ports = await freePorts(3);
    // Live streams are at two of them; the first gateway calls the one that has all other services.
    const addresses = (livePorts: readonly (number | undefined)[]) =>
      [
        ...others.filter((name) => name !== "live").map((name) => `${name}=127.0.0.1:${ports[0]}`),
        ...livePorts.map((port) => `live=127.0.0.1:${port}`),
        `upload=127.0.0.1:${ports[1]}`,
        `upload=127.0.0.1:${ports[2]}`,
      ].join(",");
    commonEnv = {
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
    };
    const env = {
      ...commonEnv,
      KINORA_DB_URL: urlOf("postgres"),
      KINORA_REGISTRY_ADDRESS: addresses([ports[0], ports[2]]),
    };
    const part = (services: readonly string[], port: number | undefined, more = {}) =>
      Instance.start({
        flags: ["--services", services.join(","), "--rpc-port", String(port)],
        env: { ...env, ...more },
      });
    instances.push(
      ...(await Promise.all([
        part(["gateway", "upload"], ports[1], { KINORA_REGISTRY_ADDRESS: addresses([ports[0]]) }),
        part(["gateway", "upload", "live"], ports[2]),
        part(others, ports[0]),
      ])),
    );
    [one, other] = instances as [Instance, Instance]; // Two of three.
    store = blobs;
  });
  after(async () => {
    for (const side of sides) await side.close();
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  it("create every schema when they start at once on an empty database, upload in two of them", async () => {
    assert.deepEqual(await schemasOf("postgres"), serviceNames.toSorted());
    for (const { log } of instances) assert.doesNotMatch(log.join("\n"), /databases copied/);
  });

  itAtNight("start at once on an empty database when 64 of them run the same services", async () => {
    await query("postgres", "CREATE DATABASE crowd");
    const ports = await freePorts(64);
    const services = ["auth", "user", "relation", "message"];
    // Each knows all by one of its services, which sizes its connections: a mesh of all is more than a machine can watch.
    const everybody = ports.map((port) => `auth=127.0.0.1:${port}`);
    const addressesAt = (port: number) =>
      [...everybody, ...services.slice(1).map((service) => `${service}=127.0.0.1:${port}`)].join();
    const replicas = await Promise.all(
      ports.map((port) =>
        Instance.on({
          flags: ["--services", services.join(), "--rpc-port", String(port)],
          env: { ...commonEnv, KINORA_DB_URL: urlOf("crowd"), KINORA_REGISTRY_ADDRESS: addressesAt(port) },
        }),
      ),
    );
    try {
      await Promise.all(replicas.map((replica) => replica.restart()));
      // A companion runs where auth runs.
      assert.deepEqual(await schemasOf("crowd"), [...services, "instance"].toSorted());
    } finally {
      for (const replica of replicas) await replica[Symbol.asyncDispose]();
    }
  });

  it("carry a live room by WHIP through one gateway and by WHEP through another, wherever its stream is", async () => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const room = await liveRoom();
      await room.ask("POST", "/start", one);
      const publication = await room.publish(first);
      const viewer = await whepClient();
      sides.push(viewer);
      const watched = await until(async () => {
        const answer = await room.offer("whep", second, viewer.offer);
        return answer.status === 201 ? answer : undefined;
      });
      await viewer.accept(watched.sdp);
      await until(() => viewer.received.video.length > 60 && viewer.received.audio.length > 30);
      // Each is ended through the gateway that did not begin it.
      assert.equal((await fetch(first.url + watched.location, { method: "DELETE" })).status, 200);
      assert.equal((await fetch(second.url + publication, { method: "DELETE" })).status, 200);
      await room.becomes("paused");
      await room.ask("POST", "/end", second);
    }
  });

  it("record a live room that is started at another process than its stream, and end its publisher with its key", async () => {
    const room = await liveRoom();
    await room.publish(other, room.key);
    await until(async () => (await room.ask("GET", "/health", one)).data["is_sending"]);
    await room.ask("POST", "/start", one);
    const playlist = async () => (await fetch(`${one.url}/api/v1/lives/${room.id}/hls/video.m3u8`)).text();
    await until(async () => ((await playlist()).match(/#EXTINF/g)?.length ?? 0) >= 3);
    await room.ask("POST", "/stream-key", one);
    // Its claim would be renewed later.
    await soon(2_000, async () => (await room.ask("GET", "", one)).data["status"] === "paused");
    await room.ask("POST", "/end", one);
    const videoId = await until(async () => (await room.ask("GET", "", one)).data["video_id"] ?? undefined);
    // Renditions of what was recorded with Opus have AAC.
    const master = async () => (await fetch(`${one.url}/api/v1/streaming/${Number(videoId)}/master.m3u8`)).text();
    await until(async () => /^#EXT-X-STREAM-INF.*mp4a\.40\.2/m.test(await master()));
    assert.doesNotMatch(await master(), /opus/i);
  });

  it("say that PostgreSQL has no connection left in /ready and in the log, and recover", async () => {
    const services = instances[2];
    assert.ok(services);
    const readiness = async () => {
      const answer = await fetch(`${services.url}/ready`);
      const { missing = {} } = (await answer.json()) as { missing?: Record<string, string> }; // The answer of a part.
      return { status: answer.status, reasons: new Set(Object.values(missing)) };
    };
    const clients: pg.Client[] = [];
    const reason = /^PostgreSQL has no connection left: .*KINORA_DB_CONNECTIONS/;
    try {
      await until(async () => {
        await takeConnections(clients);
        const { status, reasons } = await readiness();
        return status === 503 && [...reasons].every((text) => reason.test(text));
      });
      await until(() => services.log.some((line) => /"msg":"PostgreSQL has no connection left/.test(line)));
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
    await until(async () => (await readiness()).status === 200);
    const sessions = await query("postgres", "SELECT application_name AS name FROM pg_stat_activity");
    // PostgreSQL takes 63 characters.
    const name = `kinora ${packageJson.version} ${others.join()}`.slice(0, 63);
    assert.ok(sessions.some((session) => session["name"] === name));
  });

  it("answer calls of every service within five seconds of the return of their killed process, with streams open", async () => {
    const services = instances[2];
    assert.ok(services);
    const person = new Person(one.url);
    await person.signUp();
    const room = await liveRoom();
    const chat = await fetch(`${one.url}/api/v1/lives/${room.id}/events`);
    const sockets = await Promise.all(Array.from({ length: 10 }, () => openInbox(person)));
    const paths = (await loadContracts())
      .filter(({ name }) => others.includes(name))
      .flatMap(({ methods }) => {
        const listed = Object.values(methods).find(({ http = "" }) => /^GET [^:]+$/.test(http));
        return listed?.http === undefined ? [] : [listed.http.slice("GET ".length)];
      });
    assert.ok(paths.length > 12);
    const asked = async (path: string) => (await person.ask("GET", path.replace("/api/v1", ""))).status;
    await services.kill();
    // Many calls fail, while streams try again.
    for (let round = 0; round < 3; round++)
      await Promise.all(paths.flatMap((path) => Array.from({ length: 10 }, () => asked(path))));
    await services.restart();
    const sinceMs = performance.now();
    const statuses = new Map<string, number>();
    const isAnswered = async (path: string) => {
      const status = await asked(path);
      statuses.set(path, status);
      return status < 500;
    };
    const said = () => [...statuses].map(([path, status]) => `${path} ${status}`).join("\n");
    await Promise.all(paths.map((path) => soon(5_000, () => isAnswered(path), { sinceMs, said })));
    for (const socket of sockets) socket.close();
    await chat.body?.cancel();
  });

  it("make one file of an upload after chunks through both and concurrent merges, and downloads within an archive", async () => {
    const person = new Person(one.url);
    await person.signUp();
    const bytes = randomBytes(3 * mebibyte);
    const file_hash = hash(bytes);
    const ask = async (to: Instance, path: string, body: object) => {
      const isForm = body instanceof FormData;
      const answer = await fetch(to.url + path, {
        method: "POST",
        headers: { authorization: `Bearer ${person.token}`, ...(!isForm && { "content-type": "application/json" }) },
        body: isForm ? body : JSON.stringify(body),
      });
      const json = (await answer.json()) as Record<string, unknown>; // The envelope of this API.
      return { status: answer.status, json };
    };
    const begun = { file_hash, filename: "sea.bin", file_size: bytes.byteLength };
    const both = await Promise.all([one, other].map((to) => ask(to, "/upload/init", begun)));
    assert.deepEqual(
      both.map(({ json }) => json["upload_id"]),
      [both[0]?.json["upload_id"], both[0]?.json["upload_id"]],
    );
    for (const index of [2, 0, 1]) {
      const form = new FormData();
      form.set("file_hash", file_hash);
      form.set("index", String(index));
      form.set("data", new Blob([bytes.subarray(index * mebibyte, (index + 1) * mebibyte)]));
      assert.equal((await ask(index % 2 === 0 ? one : other, "/upload/chunk", form)).status, 200);
    }
    const { json: seen } = await ask(other, "/upload/init", begun);
    assert.deepEqual([seen["status"], seen["finished_chunks"]], ["uploading", ["0", "1", "2"]]);
    const end = { file_hash, filename: "sea.bin", total_chunks: 3 };
    const ends = await Promise.all([one, other, one].map((to) => ask(to, "/upload/merge", end)));
    assert.ok(ends.some(({ status }) => status === 200));
    assert.ok(ends.every(({ status }) => status === 200 || status === 409));
    await isStored(bytes);
    const list = await until(async () => {
      const { list: found } = (await person.get("/drive?page_size=10")) as { list: { id: number }[] };
      return found.length > 0 ? found : undefined;
    });
    assert.equal(list.length, 1);

    const { data } = await person.ask("POST", "/drive/zip", { body: { ids: list.map(({ id }) => id) } });
    const archive = await fetch(new URL(String(data["url"]), other.url));
    assert.equal(archive.status, 200);
    const zipped = Buffer.from(await archive.arrayBuffer());
    assert.equal(zipped.byteLength, Number(archive.headers.get("content-length")));
    assert.ok(zipped.includes(bytes), "stored as it is");
  });

  it("continue an upload through the other process after a kill, in chunks and by offset", async () => {
    const person = new Person(one.url);
    await person.signUp();
    const authorization = { authorization: `Bearer ${person.token}` };
    const chunked = randomBytes(28 * mebibyte);
    const grown = randomBytes(6 * mebibyte);

    const { data } = await person.ask("POST", "/upload/init", {
      body: { name: "chunks.bin", size: chunked.byteLength, purpose: "drive" },
    });
    const { id, chunk_size: chunkBytes, chunk_count: count } = data["upload"] as Record<string, number>;
    assert.ok(id && chunkBytes && count === 6);
    const send = async (to: Instance, index: number) => {
      const body = chunked.subarray(index * chunkBytes, (index + 1) * chunkBytes);
      const headers = { ...authorization, "content-type": "application/octet-stream" };
      const answer = await fetch(`${to.url}/api/v1/upload/chunk?upload_id=${id}&index=${index}`, {
        method: "POST",
        headers,
        body,
      });
      assert.equal(answer.status, 200, await answer.text());
    };
    for (const index of [5, 0, 3]) await send(index % 2 === 0 ? one : other, index);

    const tus = { ...authorization, "tus-resumable": "1.0.0" };
    const stream = { ...tus, "content-type": "application/offset+octet-stream" };
    const created = await fetch(`${one.url}/api/v1/tus`, {
      method: "POST",
      headers: { ...tus, "upload-length": String(grown.byteLength), "upload-metadata": `purpose ${btoa("drive")}` },
    });
    const path = created.headers.get("location") ?? "";
    const append = (to: Instance, offset: number, end: number, signal?: AbortSignal) =>
      fetch(to.url + path, {
        method: "PATCH",
        headers: { ...stream, "upload-offset": String(offset) },
        body: grown.subarray(offset, end),
        ...(signal && { signal }),
      });
    for (const [to, offset] of [
      [one, 0],
      [other, mebibyte],
      [one, 2 * mebibyte],
    ] as const)
      assert.equal((await append(to, offset, offset + mebibyte)).status, 204);

    await one.kill();
    for (const index of [1, 2, 4]) await send(other, index);
    const finished = await fetch(`${other.url}/api/v1/upload/${id}/complete`, {
      method: "POST",
      headers: { ...authorization, "content-type": "application/json" },
      body: "{}",
    });
    const { data: file } = (await finished.json()) as { data: { sha256: string; entry_id: number | null } };
    assert.deepEqual([finished.status, file.sha256, file.entry_id !== null], [200, hash(chunked), true]);

    const seen = await fetch(other.url + path, { method: "HEAD", headers: tus });
    assert.equal(seen.headers.get("upload-offset"), String(3 * mebibyte));
    const last = await append(other, 3 * mebibyte, grown.byteLength);
    assert.equal(last.status, 204, await last.text());
    for (const bytes of [chunked, grown]) await isStored(bytes);
  });

  it("take an upload over with all counted bytes when the receiving process is killed", async () => {
    await one.restart();
    const person = new Person(other.url);
    await person.signUp();
    const bytes = randomBytes(4 * mebibyte);
    const tus = { authorization: `Bearer ${person.token}`, "tus-resumable": "1.0.0" };
    const created = await fetch(`${other.url}/api/v1/tus`, {
      method: "POST",
      headers: { ...tus, "upload-length": String(bytes.byteLength), "upload-metadata": `purpose ${btoa("drive")}` },
    });
    const path = created.headers.get("location") ?? "";
    const hanging = new ReadableStream({
      start: (controller) => controller.enqueue(bytes.subarray(0, mebibyte)),
    });
    const stream = { ...tus, "content-type": "application/offset+octet-stream" };
    const cut = fetch(one.url + path, {
      method: "PATCH",
      headers: { ...stream, "upload-offset": "0" },
      body: hanging,
      duplex: "half",
    }).catch(() => undefined);
    const received = async () => {
      const { data } = await person.ask("GET", `/upload/${path.split("/").at(-1)}/status`);
      return data["received"] === mebibyte || undefined;
    };
    await until(received);
    await one.kill();
    await cut;
    const seen = await fetch(other.url + path, { method: "HEAD", headers: tus });
    assert.equal(seen.headers.get("upload-offset"), String(mebibyte));
    const last = await fetch(other.url + path, {
      method: "PATCH",
      headers: { ...stream, "upload-offset": String(mebibyte) },
      body: bytes.subarray(mebibyte),
    });
    assert.equal(last.status, 204, await last.text());
    await isStored(bytes);
  });
});

let database: Postgres | undefined;
let one: Instance;
let other: Instance;
let store = "";
/** The settings that all processes share, without their addresses. */
let commonEnv: Record<string, string> = {};
const instances: Instance[] = [];
/** Publishers and viewers of live rooms. */
const sides: { close(): Promise<void> }[] = [];
const folders: string[] = [];

const urlOf = (name: string): string =>
  `postgres://${database?.user ?? ""}@localhost/${name}?host=${encodeURIComponent(database?.socket ?? "")}`;

async function query(name: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(urlOf(name));
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Ends the sessions of Kinora, and takes each connection that is free. */
async function takeConnections(clients: pg.Client[]): Promise<void> {
  const [first] = clients;
  await first?.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'kinora%'");
  for (;;) {
    const client = new pg.Client(urlOf("postgres"));
    client.on("error", () => undefined);
    const isConnected = await client.connect().then(
      () => true,
      () => false,
    );
    if (!isConnected) return;
    clients.push(client);
  }
}

/** The services that have tables in a database. */
const schemasOf = async (name: string): Promise<string[]> =>
  (await query(name, "SELECT schemaname FROM pg_tables WHERE tablename = 'migrations' ORDER BY 1")).map((row) =>
    String(row["schemaname"]),
  );

/** A room of a new account, which asks through any gateway. */
async function liveRoom() {
  const owner = new Person(one.url);
  await owner.signUp();
  const { data } = await owner.ask("POST", "/lives", { body: { title: "Harbour" } });
  const [id, key] = [String(data["id"]), String(data["stream_key"])];
  const ask = (method: string, path: string, to: Instance) => {
    owner.url = to.url;
    return owner.ask(method, `/lives/${id}${path}`);
  };
  const offer = async (kind: "whip" | "whep", to: Instance, sdp: string, bearer = owner.token) => {
    const answer = await fetch(`${to.url}/api/v1/lives/${id}/${kind}`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/sdp" },
      body: sdp,
    });
    return { status: answer.status, sdp: await answer.text(), location: answer.headers.get("location") ?? "" };
  };
  return {
    id,
    key,
    ask,
    offer,
    async publish(to: Instance, bearer?: string) {
      // A publisher that sends nothing for some seconds is ended.
      const { formats, frames } = await encodedStream({ seconds: 2, keySeconds: 1, isSilent: true });
      const publisher = await whipClient({ hasAudio: true });
      sides.push(publisher);
      const { status, sdp, location } = await offer("whip", to, publisher.offer, bearer);
      assert.equal(status, 201, sdp);
      await publisher.accept(sdp);
      publisher.send(formats[0] as VideoFormat, frames as readonly VideoFrame[]); // The stream is mute.
      return location;
    },
    becomes: (status: string) => until(async () => (await ask("GET", "", one)).data["status"] === status),
  };
}

/** A socket with the updates of an account, open. */
async function openInbox(person: Person): Promise<WebSocket> {
  const { data } = await person.ask("POST", "/ws/ticket");
  const socket = new WebSocket(`${person.url.replace("http", "ws")}/api/v1/ws?ticket=${String(data["ticket"])}`);
  await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  return socket;
}

const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

async function isStored(bytes: Buffer): Promise<void> {
  const name = hash(bytes);
  assert.ok((await readFile(join(store, "upload", name.slice(0, 2), name.slice(2, 4), name))).equals(bytes));
}
