import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { glob } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import { type Account, form, Platform } from "#test/platform/platform";
import { until } from "#test/until";

const people = 50;
const endpoints = ["form", "chunks", "tus"] as const;

describe("one content that many users upload", () => {
  before(async () => {
    await platform.open();
    for (let n = 0; n < people; n++) accounts.push(await platform.join());
  });
  after(() => platform[Symbol.asyncDispose]());

  it("is stored once for fifty parallel uploads by every endpoint, and deleted with the last file (D6, S4.6)", async () => {
    const bytes = randomBytes(2 * chunkBytes + 7_000);
    const entries = await Promise.all(
      accounts.map((account, n) => senders[endpoints[n % endpoints.length] ?? "form"](account, bytes)),
    );
    assert.equal(new Set(entries).size, people);
    assert.deepEqual(await counted(), { objects: 1, contents: 1, files: people });
    for (const account of accounts) assert.deepEqual(await usage(account), [bytes.byteLength, 0]);

    const [last, ...others] = accounts;
    assert.ok(last);
    await Promise.all(others.map((account, n) => remove(account, entries[n + 1])));
    await becomes({ objects: 1, contents: 1, files: 1 });
    const read = () => platform.ask(`/api/v1/drive/${entries[0]}/content`, { token: last.token });
    assert.ok((await read()).bytes.equals(bytes), "other bytes");
    assert.deepEqual(await usage(accounts[1]), [0, 0]);

    await remove(last, entries[0]);
    await becomes({ objects: 0, contents: 0, files: 0 });
    assert.equal((await read()).status, 404);
  });
});

const chunkBytes = 64 * 1_024;
const platform = new Platform({}, { upload: { chunkBytesMax: chunkBytes, graceMs: 20 } });
const accounts: Account[] = [];

/** Each sends a file into a user's drive; yields the number of its entry. */
const senders: Readonly<Record<(typeof endpoints)[number], (account: Account, bytes: Buffer) => Promise<number>>> = {
  async form({ token }, bytes) {
    const { body, headers } = form({ name: "sea.bin", bytes }, { purpose: "drive" });
    const sent = await platform.ask("/api/v1/upload", { method: "POST", token, body, headers });
    assert.equal(sent.status, 200, sent.text);
    return Number(sent.data["entry_id"]);
  },

  async chunks({ token }, bytes) {
    const ask = (path: string, body: unknown, headers = {}) =>
      platform.ask(`/api/v1/upload/${path}`, { method: "POST", token, body, headers });
    const input = { name: "sea.bin", size: bytes.byteLength, purpose: "drive" };
    const { id } = (await ask("init", input)).data["upload"] as { id: number }; // By the contract.
    const octets = { "content-type": "application/octet-stream" };
    const sent = [2, 0, 1].map((index) =>
      ask(`chunk?upload_id=${id}&index=${index}`, bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes), octets),
    );
    for (const { status, text } of await Promise.all(sent)) assert.equal(status, 200, text);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const done = await ask(`${id}/complete`, { sha256 });
    assert.equal(done.status, 200, done.text);
    return Number(done.data["entry_id"]);
  },

  async tus({ token }, bytes) {
    const version = { "tus-resumable": "1.0.0" };
    const tusHeaders = { "upload-length": String(bytes.byteLength), "upload-metadata": `purpose ${btoa("drive")}` };
    const response = await platform.ask("/api/v1/tus", {
      method: "POST",
      token,
      headers: { ...version, ...tusHeaders },
    });
    let entry = 0;
    for (let offset = 0; offset < bytes.byteLength; ) {
      const stream = { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) };
      const body = bytes.subarray(offset, (offset += 50_000));
      const headers = { ...version, ...stream };
      const sent = await platform.ask(String(response.headers["location"]), { method: "PATCH", token, body, headers });
      assert.equal(sent.status, 204, sent.text);
      entry = Number(sent.headers["kinora-entry-id"]);
    }
    return entry;
  },
};

async function remove({ token }: Account, entry: number | undefined): Promise<void> {
  const { status, text } = await platform.ask("/api/v1/drive/remove", {
    method: "POST",
    token,
    body: { ids: [entry] },
  });
  assert.equal(status, 200, text);
}

/** Settles when so much is left: a file is there until its grace time is over and its bytes are looked after. */
async function becomes(left: Awaited<ReturnType<typeof counted>>): Promise<void> {
  let last: unknown;
  await until(
    async () => {
      await platform.host.drain();
      last = await counted();
      return isDeepStrictEqual(last, left);
    },
    { said: () => JSON.stringify(last) },
  );
}

async function counted() {
  const { rows } = await sql<{ contents: number; files: number }>`
    SELECT (SELECT count(*)::int FROM contents) AS contents, (SELECT count(*)::int FROM files) AS files
  `.execute(platform.host.database("upload"));
  const objects = await Array.fromAsync(glob("upload/*/*/*", { cwd: platform.blobs }));
  return { objects: objects.length, ...rows[0] };
}

async function usage(account: Account | undefined): Promise<unknown[]> {
  const { data } = await platform.ask("/api/v1/upload/usage", { token: account?.token ?? "" });
  return [data["used_bytes"], data["reserved_bytes"]];
}
