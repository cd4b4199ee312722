import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { startPostgres } from "#kernel/postgres/postgres";
import { Instance } from "./e2e/instance.ts";
import { roleNames } from "../cmd/services.ts";
import { Person } from "./fault/person.ts";
import { freePorts } from "./ports.ts";
import { until } from "./until.ts";

const mebibyte = 2 ** 20;
const others = roleNames.filter((name) => !["gateway", "upload"].includes(name));

describe("an upload through two processes with one database and one store", () => {
  before(async () => {
    const [data = "", blobs = ""] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "kinora-any-"))));
    folders.push(data, blobs);
    database = await startPostgres(data);
    const ports = await freePorts(3);
    const addresses = [
      ...others.map((name) => `${name}=127.0.0.1:${ports[0]}`),
      `upload=127.0.0.1:${ports[1]}`,
      `upload=127.0.0.1:${ports[2]}`,
    ];
    const env = {
      KINORA_DB_URL: `postgres://${database.user}@localhost/postgres?host=${encodeURIComponent(database.socket)}`,
      KINORA_REGISTRY_ADDRESS: addresses.join(","),
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
    };
    const part = (services: readonly string[], port: number | undefined) =>
      Instance.start({ flags: ["--services", services.join(","), "--rpc-port", String(port)], env });
    instances.push(
      ...(await Promise.all([
        part(["gateway", "upload"], ports[1]),
        part(["gateway", "upload"], ports[2]),
        part(others, ports[0]),
      ])),
    );
    [one, other] = instances as [Instance, Instance]; // Two of three.
    store = blobs;
  });
  after(async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  it("becomes one file after chunks through both and concurrent merges, and downloads within an archive", async () => {
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

  it("continues through the other process after a kill, in chunks and by offset", async () => {
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

  it("is taken over with all counted bytes when the receiving process is killed", async () => {
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

let database: Awaited<ReturnType<typeof startPostgres>> | undefined;
let one: Instance;
let other: Instance;
let store = "";
const instances: Instance[] = [];
const folders: string[] = [];

const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

async function isStored(bytes: Buffer): Promise<void> {
  const name = hash(bytes);
  assert.ok((await readFile(join(store, "upload", name.slice(0, 2), name.slice(2, 4), name))).equals(bytes));
}
