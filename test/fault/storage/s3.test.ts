import assert, { AssertionError } from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Fault, S3Proxy } from "../../../src/kernel/blob/s3/proxy.ts";
import { s3Server } from "../../../src/kernel/blob/s3/testing.ts";
import type { Instance } from "../../instance/instance.ts";
import { unlimited } from "../../instance/folders.ts";
import { formOf, Person } from "../../users/person.ts";
import { ByChunks, ByTus, type Sending, sha256, smallChunks } from "../../uploads/sending.ts";
import { rows, settled } from "../../instance/tables.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";

const clip = join(import.meta.dirname, "../../media/one-frame.mp4");

describe("F9: a whole server on a failing S3 store", () => {
  before(async () => {
    server = await s3Server();
    proxy = await new S3Proxy(server.url).open();
    instance = await startOnTemplate({
      env: {
        ...unlimited,
        ...smallChunks,
        // Nothing is read from memory.
        KINORA_SEGMENT_CACHE: "0",
        KINORA_BLOB_URL: `s3://films/k?endpoint=${proxy.url}`,
        KINORA_S3_ACCESS_KEY: "S3RVER",
        KINORA_S3_SECRET_KEY: "S3RVER",
      },
    });
    ({ pid } = instance);
    person = new Person(instance.url);
    await person.signUp();
    const media = await person.upload(await readFile(clip));
    const response = await person.ask("POST", "/videos", { body: { title: "Before", media_id: media.data["id"] } });
    video = `/videos/${String(response.data["id"])}`;
    await settled(instance);
    first = new ByChunks(person, "first");
    await done(first);
    fileOfFirst = await entryOf(first);
  });
  after(async () => {
    await instance?.[Symbol.asyncDispose]();
    await proxy?.close();
    await server?.[Symbol.asyncDispose]();
  });

  it("F9: refuses only requests that need the store, with 503, while it is down, and recovers by itself", async () => {
    const begun = [new ByChunks(person, "begun by chunks"), new ByTus(person, "begun by tus")];
    for (const sending of begun) await halfway(sending);
    const before = await acknowledged();
    await proxy.close();

    for (const sending of begun) assert.equal((await sending.goOn()).status, 503);
    assert.equal((await person.upload(await readFile(clip))).status, 503);
    assert.equal((await person.ask("POST", "/upload", { raw: formOf(first.bytes, { purpose: "drive" }) })).status, 503);
    assert.deepEqual(await read(), { status: 503, bytes: 0 });
    assert.equal((await fetch(`${instance.url}/ready`)).status, 503);
    assert.equal((await fetch(`${instance.url}/health`)).status, 200);
    assert.equal((await person.ask("POST", `${video}/like`)).status, 200);
    await person.signIn();
    assert.equal((await person.get(video))["is_liked"], true);
    assert.deepEqual(await acknowledged(), before);

    await proxy.open();
    await until(async () => (await fetch(`${instance.url}/ready`)).ok);
    await isReadWhole();
    for (const sending of begun) await done(sending);
  });

  for (const [fault, on, says] of [
    ["error", "PUT", "answers 500 to what is written"],
    ["cut", "PUT", "breaks off behind what was written"],
    ["error", "GET", "answers 500 to what is read"],
    ["cut", "GET", "breaks off what is read"],
  ] as const satisfies readonly (readonly [Fault, string, string])[])
    it(`F9: acknowledges no missing bytes when the store ${says}`, async () => {
      const sendings = [new ByChunks(person, `chunks ${says}`), new ByTus(person, `tus ${says}`)];
      await during(
        ({ method }) => (method === on ? fault : undefined),
        () => isAllOrNothing(sendings),
      );
      for (const sending of sendings) await done(sending);
    });

  it("F9: creates no file when the store returns other bytes than were sent", async () => {
    const [chunks, tus] = [new ByChunks(person, "wrong chunks"), new ByTus(person, "wrong tus")];
    const before = await acknowledged();
    const wrong = ({ method }: { method: string }) => (method === "GET" ? "wrong" : undefined);
    const answers = await during(wrong, () => Promise.all([chunks.goOn(), tus.goOn()]));
    // The bytes read differ from those sent: they are dropped, to be sent again, or asked for again later.
    for (const { status, error } of answers) assert.ok(status === 400 || status === 503, `${status} ${error}`);
    assert.deepEqual(await acknowledged(), before);
    for (const sending of [chunks, tus]) await ends(sending);
  });

  it("F9: answers within 110 s when the store is silent or stalls", async () => {
    const sendings = [new ByChunks(person, "silent chunks"), new ByTus(person, "silent tus")];
    let requestCount = 0;
    const slow = ({ method }: { method: string }) => {
      if (method === "PUT") return "silence";
      return method === "GET" ? (["stall", "silence"] as const)[requestCount++ % 2] : undefined;
    };
    const began = performance.now();
    const [, ...reads] = await during(slow, () => Promise.all([isAllOrNothing(sendings), read(), read()]));
    assert.ok(performance.now() - began < 110_000);
    for (const { status } of reads) assert.ok(status === 503 || status === "cut", String(status));
    for (const sending of sendings) await done(sending);
  });

  it("F9: answers with the whole file, 503 or a broken connection, never with a short file as if whole", async () => {
    const seen = new Set<number | "cut">();
    for (const fault of ["error", "cut", "short"] as const)
      for (const passed of [0, 1, 2, 3]) {
        let count = 0;
        const faulty = ({ method }: { method: string }) => (method === "GET" && count++ >= passed ? fault : undefined);
        const { status, bytes } = await during(faulty, read);
        const isWhole = status === 200 && bytes === first.bytes.byteLength;
        assert.ok(isWhole || status === 503 || status === "cut", `${fault}: ${status} with ${bytes} bytes`);
        seen.add(status);
      }
    assert.ok(seen.has("cut"), "no answer had begun");
    await during(
      ({ method }) => (method === "HEAD" ? "error" : undefined),
      async () => assert.deepEqual(await read(), { status: 503, bytes: 0 }),
    );
    await isReadWhole();
    assert.equal(instance.pid, pid);
  });
});

let server: Awaited<ReturnType<typeof s3Server>> | undefined;
let proxy: S3Proxy;
let instance: Instance;
let pid = 0;
let person: Person;
let video = "";
let first: Sending;
let fileOfFirst = "";

/** Does something while the store is broken in this way. */
async function during<T>(fault: S3Proxy["fault"], work: () => Promise<T>): Promise<T> {
  // The content of the bucket, not the bucket itself, which shows whether the store is there at all.
  proxy.fault = (passed) => (passed.path.includes("/k/") ? fault(passed) : undefined);
  try {
    return await work();
  } finally {
    proxy.fault = () => undefined;
  }
}

/** Sends until the server takes nothing, which is made so after the second part. */
async function halfway(sending: Sending): Promise<void> {
  let count = 0;
  const full = ({ method, path }: { method: string; path: string }) =>
    method === "PUT" && path.includes("/pieces/") && count++ > 1 ? "error" : undefined;
  await during(full, async () => assert.equal((await sending.goOn()).status, 503));
}

/** Each is a file when that was answered, and none when it was refused; refused it is for the store's sake. */
async function isAllOrNothing(sendings: readonly Sending[]): Promise<void> {
  const before = await acknowledged();
  const answers = await Promise.all(sendings.map((sending) => sending.goOn()));
  for (const { status, error } of answers) assert.ok(status < 300 || status === 503, `${status} ${error}`);
  const files = sendings.filter((_, n) => (answers[n]?.status ?? 0) < 300);
  const bytes = files.reduce((sum, sending) => sum + sending.bytes.byteLength, 0);
  const { used, files: count } = await acknowledged();
  assert.deepEqual([used, count], [before.used + bytes, before.files + files.length]);
}

/** Acknowledged bytes are there, and the rest can be sent. */
async function done(sending: Sending): Promise<void> {
  await sending.isIntact();
  await ends(sending);
}

/** Goes on to the end; the file has the bytes that were sent, once. */
async function ends(sending: Sending): Promise<void> {
  const { status, error, data } = await sending.goOn();
  assert.equal(status, 200, error);
  const files = await rows(instance.data, "upload", "SELECT id::text FROM files WHERE sha256 = $1", [
    sha256(sending.bytes),
  ]);
  assert.deepEqual(files, [{ id: String(data["id"]) }]);
}

async function entryOf({ bytes }: Sending): Promise<string> {
  const entries = (await person.get("/drive"))["list"] as { id: number; size: number }[]; // A page of entries.
  const entry = entries.find(({ size }) => size === bytes.byteLength);
  return `/api/v1/drive/${entry?.id}/content`;
}

async function acknowledged() {
  const { used_bytes } = await person.get("/upload/usage");
  const files = await rows(instance.data, "upload", "SELECT count(*)::int AS n FROM files");
  return { used: Number(used_bytes), files: Number(files[0]?.["n"]) };
}

/** The first file as a client reads it: `cut` where the answer did not come, or not whole. */
async function read(): Promise<{ status: number | "cut"; bytes: number }> {
  const headers = { authorization: `Bearer ${person.token}` };
  const asking = get(instance.url + fileOfFirst, { headers, agent: false });
  const chunks: Buffer[] = [];
  try {
    const [answer] = (await once(asking, "response")) as [IncomingMessage]; // The response of a client's request.
    for await (const chunk of answer) chunks.push(chunk as Buffer); // No encoding was set.
    const bytes = Buffer.concat(chunks);
    if (answer.statusCode !== 200) return { status: answer.statusCode ?? 0, bytes: 0 };
    assert.ok(bytes.equals(first.bytes), `${bytes.byteLength} bytes as if they were the whole file`);
    return { status: 200, bytes: bytes.byteLength };
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    const bytes = Buffer.concat(chunks);
    assert.ok(bytes.equals(first.bytes.subarray(0, bytes.byteLength)), "other bytes before it broke off");
    return { status: "cut", bytes: bytes.byteLength };
  }
}

const isReadWhole = async () => assert.deepEqual(await read(), { status: 200, bytes: first.bytes.byteLength });
