import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { upload } from "#services/upload/contract";
import { type Account, clip, form, Platform } from "#test/platform/platform";
import { sql } from "kysely";

const mebibyte = 2 ** 20;

describe("uploads in chunks", () => {
  before(async () => {
    await platform.open();
    [mira, noor] = [await platform.join(), await platform.join()];
  });
  after(() => platform[Symbol.asyncDispose]());

  it("accept chunks in any order, as forms or raw bytes, and assemble one file", async () => {
    const bytes = randomBytes(12 * mebibyte);
    const { id, chunk_size, chunk_count } = await init({ name: "sea.bin", size: bytes.byteLength });
    assert.deepEqual([chunk_size, chunk_count], [5 * mebibyte, 3]);
    const chunk = (index: number) => bytes.subarray(index * chunk_size, (index + 1) * chunk_size);
    assert.deepEqual((await send(id, 2, chunk(2), { asForm: true })).data, { index: 2, size: 2 * mebibyte });
    await Promise.all([send(id, 1, chunk(1)), send(id, 0, chunk(0), { sha256: hash(chunk(0)) })]);
    assert.deepEqual((await get(`${id}/chunks`)).data, { received: [{ first: 0, last: 2 }], missing: [] });
    assert.equal((await get(`${id}/status`)).data["received"], bytes.byteLength);
    const { data } = await post(`${id}/complete`, { sha256: hash(bytes) });
    assert.deepEqual([data["name"], data["size"], data["sha256"]], ["sea.bin", bytes.byteLength, hash(bytes)]);
    assert.deepEqual((await post(`${id}/complete`, {})).data, data, "repeated, it answers the same");
    const entry = await platform.ask(`/api/v1/drive/${Number(data["entry_id"])}`, { token: mira.token });
    assert.deepEqual([entry.data["name"], entry.data["size"]], ["sea.bin", bytes.byteLength]);
    await isStored(Number(data["file_id"]), bytes);
    assert.equal(await pieceCount(), 0);
  });

  it("report missing chunks, and complete after these have arrived", async () => {
    const bytes = randomBytes(11 * mebibyte);
    const { id } = await init({ name: "a", size: bytes.byteLength });
    await send(id, 1, bytes.subarray(5 * mebibyte, 10 * mebibyte));
    const { status, body } = await post(`${id}/complete`, {});
    assert.deepEqual([status, body["error"]], [400, "upload.missing_chunks"]);
    const { data } = await get(`${id}/chunks`);
    assert.deepEqual(data, {
      received: [{ first: 1, last: 1 }],
      missing: [
        { first: 0, last: 0 },
        { first: 2, last: 2 },
      ],
    });
    await send(id, 0, bytes.subarray(0, 5 * mebibyte));
    await send(id, 2, bytes.subarray(10 * mebibyte));
    assert.equal((await post(`${id}/complete`, {})).status, 200);
  });

  it("refuse a chunk with a wrong index, size, hash or owner, and store nothing of it (S4.6)", async () => {
    const { id } = await init({ name: "a", size: 6 * mebibyte });
    const small = Buffer.alloc(mebibyte, 1);
    for (const [index, bytes, options, status, error] of [
      [2, small, {}, 400, "upload.bad_index"],
      [100_000, small, {}, 400, "kernel.invalid_input"],
      [1, Buffer.alloc(10), {}, 400, "upload.wrong_chunk_size"],
      [1, small, { sha256: hash(Buffer.from("x")) }, 400, "upload.chunk_mismatch"],
      [1, Buffer.alloc(0), {}, 400, "upload.empty_chunk"],
      [0, Buffer.alloc(17 * mebibyte), {}, 413, "upload.chunk_too_large"],
      [1, small, { token: noor.token }, 404, "upload.not_found"],
      [1, small, { token: "" }, 401, "gateway.sign_in_first"],
    ] as const) {
      const { status: given, body } = await send(id, index, bytes, options);
      assert.deepEqual([given, body["error"]], [status, error], `${index} ${JSON.stringify(options)}`);
    }
    assert.equal((await send(1, 0, small)).status, 404);
    assert.deepEqual((await get(`${id}/chunks`)).data["received"], []);
    assert.equal(await pieceCount(), 0);
  });

  it("replace a chunk that has other bytes, and ignore a repeated one", async () => {
    const bytes = randomBytes(mebibyte);
    const { id } = await init({ name: "a", size: mebibyte });
    await send(id, 0, randomBytes(mebibyte));
    for (let time = 0; time < 2; time++) assert.equal((await send(id, 0, bytes)).status, 200);
    assert.deepEqual([(await get(`${id}/status`)).data["received"], await pieceCount()], [mebibyte, 1]);
    const { data } = await post(`${id}/complete`, {});
    await isStored(Number(data["file_id"]), bytes);
    assert.deepEqual([(await send(id, 0, bytes)).status, await pieceCount()], [409, 0]);
  });

  it("drop content that does not match its hash, and accept it again", async () => {
    const bytes = randomBytes(mebibyte);
    const { id } = await init({ name: "a", size: mebibyte, sha256: hash(bytes) });
    await send(id, 0, randomBytes(mebibyte));
    const { status, body } = await post(`${id}/complete`, {});
    assert.deepEqual([status, body["error"]], [400, "upload.hash_mismatch"]);
    assert.deepEqual((await get(`${id}/chunks`)).data["received"], []);
    await send(id, 0, bytes);
    assert.equal((await post(`${id}/complete`, {})).status, 200);
  });

  it("are resumed by the same hash, size and folder, listed, and cancelled by their owner", async () => {
    const sha256 = hash(randomBytes(10));
    const first = await init({ name: "a", size: 6 * mebibyte, sha256 });
    await send(first.id, 1, Buffer.alloc(mebibyte));
    const again = await init({ name: "a", size: 6 * mebibyte, sha256 });
    assert.deepEqual([again.id, again.received], [first.id, mebibyte]);
    assert.notEqual((await init({ name: "a", size: 7 * mebibyte, sha256 })).id, first.id);
    assert.notEqual((await init({ name: "a", size: 6 * mebibyte, sha256, token: noor.token })).id, first.id);
    const folder = await platform.ask("/api/v1/drive/folders", {
      method: "POST",
      token: mira.token,
      body: { name: "b" },
    });
    const elsewhere = { name: "a", size: 6 * mebibyte, sha256 };
    assert.notEqual((await init({ ...elsewhere, folder_id: Number(folder.data["id"]) })).id, first.id);
    assert.notEqual((await init({ ...elsewhere, purpose: "media" })).id, first.id);
    const { data } = await get("list");
    assert.ok((data["list"] as { id: number }[]).some(({ id }) => id === first.id));
    const used = async () => Number((await get("usage")).data["reserved_bytes"]);
    const before = await used();
    const pieces = await pieceCount();
    assert.equal(
      (await platform.ask(`/api/v1/upload/${first.id}`, { method: "DELETE", token: noor.token })).status,
      404,
    );
    assert.equal(
      (await platform.ask(`/api/v1/upload/${first.id}`, { method: "DELETE", token: mira.token })).status,
      200,
    );
    assert.equal(before - (await used()), 6 * mebibyte);
    assert.equal(await pieceCount(), pieces - 1);
    assert.deepEqual(
      [(await send(first.id, 0, Buffer.alloc(5 * mebibyte))).status, (await get(`${first.id}/status`)).data["status"]],
      [410, "cancelled"],
    );
  });

  it("answer 409 while the file is assembled, and extend the expiry with each chunk", async () => {
    const { id } = await init({ name: "a", size: 6 * mebibyte });
    const last = Buffer.alloc(mebibyte, 1);
    const database = platform.host.database("upload");
    const soonMs = Date.now() + 60_000;
    await sql`UPDATE upload_sessions SET writer = 'somebody', writer_until = now() + interval '1 minute',
      expires_at_ms = ${soonMs} WHERE id = ${id}`.execute(database);
    const { status, body } = await send(id, 1, last);
    assert.deepEqual([status, body["error"]], [409, "upload.busy"]);
    await sql`UPDATE upload_sessions SET writer = NULL, writer_until = NULL WHERE id = ${id}`.execute(database);
    assert.equal((await send(id, 1, last)).status, 200);
    const { data } = await get(`${id}/status`);
    assert.ok(Date.parse(String(data["expires_at"])) > soonMs + 3_600_000, String(data["expires_at"]));
  });

  it("are refused beyond the quota and the maximum file size (S4.7)", async () => {
    const large = await post("init", { name: "a", size: 60 * mebibyte, purpose: "drive" });
    assert.deepEqual([large.status, large.body["error"]], [413, "upload.too_large"]);
    const { token } = await platform.join();
    const requests = Array.from({ length: 50 }, () =>
      post("init", { name: "a", size: 30 * mebibyte, purpose: "drive" }, token),
    );
    const taken = (await Promise.all(requests)).filter(({ status }) => status === 200);
    assert.equal(taken.length, 6, "200 MiB hold six of 30");
  });

  it("accept a whole file in one request, as a form or raw bytes", async () => {
    const bytes = randomBytes(70_000);
    const { body, headers } = form({ name: "one.bin", bytes }, { purpose: "drive" });
    const formed = await platform.ask("/api/v1/upload", { method: "POST", token: mira.token, body, headers });
    assert.deepEqual([formed.status, formed.data["name"], formed.data["purpose"]], [200, "one.bin", "drive"]);
    await isStored(Number(formed.data["file_id"]), bytes);
    const bare = await platform.ask("/api/v1/upload?name=two.bin&purpose=drive", {
      method: "POST",
      token: mira.token,
      body: bytes,
      headers: { "content-type": "application/octet-stream" },
    });
    assert.deepEqual([bare.data["name"], bare.data["sha256"]], ["two.bin", hash(bytes)]);
    const reserved = (await get("usage")).data["reserved_bytes"];
    const none = await platform.ask("/api/v1/upload?name=three.bin", {
      method: "POST",
      token: mira.token,
      body: bytes,
      headers: { "content-type": "application/octet-stream" },
    });
    assert.equal(none.status, 415, "no media");
    assert.equal((await get("usage")).data["reserved_bytes"], reserved);
  });

  it("make one file of a form that is repeated with one idempotency key (R3)", async () => {
    const bytes = randomBytes(70_000);
    const { body, headers } = form({ name: "one.bin", bytes }, { purpose: "drive" });
    const keyed = { ...headers, "idempotency-key": "the same form" };
    const send = () => platform.ask("/api/v1/upload", { method: "POST", token: mira.token, body, headers: keyed });
    const answers = [await send(), ...(await Promise.all([send(), send()]))];
    for (const { status, data, text } of answers)
      assert.deepEqual([status, data["file_id"]], [200, answers[0]?.data["file_id"]], text);
    assert.equal(await pieceCount(), await counted());
  });

  it("create a media object when their purpose is media", async () => {
    const bytes = await clip("one-frame.mp4");
    const { id } = await init({ name: "sea.mp4", size: bytes.byteLength, purpose: "media" });
    await send(id, 0, bytes);
    const { data } = await post(`${id}/complete`, {});
    assert.deepEqual([Number(data["media_id"]) > 0, data["entry_id"]], [true, null]);
  });

  it("skip the transfer for a client that proves it has the content, and for no other (S4.6)", async () => {
    const bytes = randomBytes(mebibyte);
    const begin = async (account: Account, of = bytes) => {
      const input = { name: "known", size: of.byteLength, sha256: hash(of), purpose: "drive" };
      const { data } = await post("init", input, account.token);
      return data as { upload: { id: number }; challenge: Challenge };
    };
    const prove = (id: number, digests: string[], account: Account) => post(`${id}/proof`, { digests }, account.token);
    const theirs = await begin(mira);
    await send(theirs.upload.id, 0, bytes);
    assert.equal((await post(`${theirs.upload.id}/complete`, {})).status, 200);

    // A client that knows the hash, the size and three of the four ranges.
    const attacked = await begin(noor);
    const answers = answersTo(attacked.challenge, bytes);
    const refused = await prove(attacked.upload.id, [...answers.slice(0, 3), hash(Buffer.from("guess"))], noor);
    assert.deepEqual([refused.status, refused.body["error"]], [409, "upload.not_instant"]);
    const late = await prove(attacked.upload.id, answers, noor);
    assert.deepEqual([late.status, late.body["error"]], [409, "upload.not_instant"], "a challenge is good once");

    // The answer is the same for what nobody has.
    const unknown = randomBytes(mebibyte);
    const nobody = await begin(noor, unknown);
    assert.deepEqual(Object.keys(nobody.challenge), Object.keys(attacked.challenge));
    const none = await prove(nobody.upload.id, answersTo(nobody.challenge, unknown), noor);
    assert.deepEqual([none.status, none.body], [409, { ...refused.body, trace_id: none.body["trace_id"] }]);

    const honest = await begin(noor);
    assert.notEqual(honest.challenge.nonce, attacked.challenge.nonce);
    assert.equal((await prove(honest.upload.id, answersTo(honest.challenge, bytes), mira)).status, 404);
    const { status, data } = await prove(honest.upload.id, answersTo(honest.challenge, bytes), noor);
    assert.deepEqual([status, data["sha256"]], [200, hash(bytes)]);
    await isStored(Number(data["file_id"]), bytes, noor);
  });
});

interface Challenge {
  readonly nonce: string;
  readonly ranges: readonly { readonly offset: number; readonly length: number }[];
}
interface UploadAnswer {
  readonly id: number;
  readonly chunk_size: number;
  readonly chunk_count: number;
  readonly received: number;
}

const platform = new Platform({}, { upload: { fileBytesMax: 50 * mebibyte, quotaBytes: 200 * mebibyte } });
let mira: Account;
let noor: Account;

const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const get = (path: string) => platform.ask(`/api/v1/upload/${path}`, { token: mira.token });
const post = (path: string, body: object, token = mira.token) =>
  platform.ask(`/api/v1/upload/${path}`, { method: "POST", token, body });

async function init({
  token,
  ...given
}: {
  name: string;
  size: number;
  sha256?: string;
  purpose?: "media" | "drive";
  folder_id?: number;
  token?: string;
}): Promise<UploadAnswer> {
  const { status, data } = await post("init", { purpose: "drive", ...given }, token);
  assert.equal(status, 200);
  return data["upload"] as UploadAnswer;
}

interface Options {
  readonly token?: string;
  readonly sha256?: string;
  readonly asForm?: boolean;
}
function send(id: number, index: number, bytes: Buffer, { token = mira.token, sha256, asForm = false }: Options = {}) {
  const fields = { upload_id: String(id), index: String(index), ...(sha256 && { sha256 }) };
  const formed = asForm ? form({ name: "blob", bytes }, fields, "chunk") : undefined;
  return platform.ask(`/api/v1/upload/chunk${asForm ? "" : `?${new URLSearchParams(fields).toString()}`}`, {
    method: "POST",
    ...(token && { token }),
    body: formed?.body ?? bytes,
    headers: formed?.headers ?? { "content-type": "application/octet-stream" },
  });
}

const answersTo = ({ nonce, ranges }: Challenge, bytes: Buffer): string[] =>
  ranges.map(({ offset, length }) =>
    hash(Buffer.concat([Buffer.from(nonce, "hex"), bytes.subarray(offset, offset + length)])),
  );

async function isStored(fileId: number, bytes: Buffer, owner = mira): Promise<void> {
  const file = await platform.host.client(upload).file({ id: fileId }, callOf());
  assert.deepEqual([file.userId, file.sizeBytes, file.sha256], [owner.id, bytes.byteLength, hash(bytes)]);
  const object = await platform.blob.open(file.key);
  assert.ok((await object?.read(0, bytes.byteLength))?.equals(bytes), "other bytes");
  await object?.close();
}

/** How many pieces uploads have. */
async function counted(): Promise<number | undefined> {
  const pieceCount = sql<{ n: number }>`SELECT count(*)::int AS n FROM upload_pieces`;
  return (await pieceCount.execute(platform.host.database("upload"))).rows[0]?.n;
}

const pieceCount = async () => (await Array.fromAsync(platform.blob.pieces())).length;
