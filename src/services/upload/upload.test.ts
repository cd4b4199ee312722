import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import { mediaDeleted } from "#events/media";
import { fileDeleted, fileUploaded } from "#events/upload";
import { type Call, contract, type Host, on, plugin, type StoredBlob } from "#kernel";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import type { Piece } from "#kernel/blob/port";
import { realDisk } from "#kernel/environment/disk";
import { noFailpoints } from "#kernel/environment/failpoint";
import { callOf, TestHost } from "#kernel/host/testing";
import fc from "fast-check";
import { until } from "#test/until";
import { lockKey } from "./completion/content-store.ts";
import { upload } from "./contract.ts";
import { sweepUploads } from "./storage/orphans.ts";
import { uploadPlugin } from "./plugin.ts";
import { bytesLeft, reservation } from "./sessions/quota.ts";
import type * as store from "./store.ts";

describe("upload", () => {
  before(async () => {
    await host.add(uploadPlugin);
    await host.add(neighbour);
  });
  beforeEach(async () => {
    await host.clear();
    publishedEvents.length = 0;
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it("makes one file of an upload that is completed repeatedly, with one event", async () => {
    const { id, bytesMax } = await begin({ name: "sea.mp4", sizeBytes: 40 }, callOf(mira));
    assert.equal(bytesMax, 40);
    const bytes = await put("hello");
    const answers = await Promise.all([1, 2, 3].map(() => complete({ id, ...bytes }, callOf(mira))));
    await host.drain();
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    const [first] = answers;
    assert.deepEqual([first?.name, first?.sizeBytes, first?.key], ["sea.mp4", 5, `upload/${sha256("hello")}`]);
    assert.deepEqual(publishedEvents, [`uploaded:${first?.id}`]);
    assert.deepEqual(await used(mira), [5, 0]);
  });

  it("reserves at most the quota for fifty concurrent uploads (S4.7)", async () => {
    const begun = await Promise.allSettled(
      Array.from({ length: 50 }, () => begin({ name: "a", sizeBytes: 30 }, callOf(mira))),
    );
    const refused = begun.filter((one) => one.status === "rejected");
    assert.equal(begun.length - refused.length, 3);
    for (const { reason } of refused) assert.deepEqual([reason.code, reason.http], ["upload.quota_exceeded", 413]);
    assert.deepEqual(await used(mira), [0, 90]);
    assert.deepEqual(await used(noor), [0, 0]);
  });

  it("opens at most fifty uploads of a user, through all endpoints together and however many at once", async () => {
    const endpoints = ["form", "native", "tus", "resumable", "cloudfiles"] as const;
    const opened = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) =>
        client.open({ name: `${n}`, endpoint: endpoints[n % 5] ?? "form", sizeBytes: 1 }, callOf(mira)),
      ),
    );
    const refused = opened.filter((one) => one.status === "rejected");
    assert.equal(refused.length, 10);
    for (const { reason } of refused) {
      assert.deepEqual([reason.code, reason.http], ["upload.too_many_uploads", 429]);
      assert.partialDeepStrictEqual(reason.details, { uploadsMax: 50 });
    }
    await assert.rejects(client.init({ name: "a", sizeBytes: 1 }, callOf(mira)), { code: "upload.too_many_uploads" });
    await client.open({ name: "a", endpoint: "import", sizeBytes: 1 }, callOf(mira));
    await client.open({ name: "a", endpoint: "tus", sizeBytes: 1 }, callOf(noor));
    const one = opened.find((each) => each.status === "fulfilled")?.value.session.id;
    assert.ok(one);
    await client.abandon({ id: one }, callOf(mira));
    await client.open({ name: "a", endpoint: "tus", sizeBytes: 1 }, callOf(mira));
  });

  for (const method of ["open", "init"] as const)
    it(`reserves space once when ${method} is repeated after a crash before its answer (R3)`, async () => {
      const call = callOf(mira, { idempotencyKey: `crash in ${method}` });
      const send = () =>
        method === "open"
          ? client.open({ name: "a", endpoint: "form", sizeBytes: 30 }, call)
          : client.init({ name: "a", sizeBytes: 30 }, call);
      failpoint = "command.answered";
      await assert.rejects(send());
      await send();
      assert.deepEqual(await used(mira), [0, 30]);
    });

  it("refuses a file over the size limit, and names the limit", async () => {
    const large = begin({ name: "a", sizeBytes: 81 }, callOf(mira));
    await assert.rejects(large, { code: "upload.too_large", http: 413, details: { bytesMax: 80 } });
  });

  it("reserves the maximum file size when no size is announced, and settles for the received bytes", async () => {
    const { id, bytesMax } = await begin({ name: "a" }, callOf(mira));
    assert.deepEqual([bytesMax, await used(mira)], [80, [0, 80]]);
    await complete({ id, ...(await put("12345")) }, callOf(mira));
    assert.deepEqual(await used(mira), [5, 0]);
    assert.equal((await begin({ name: "b" }, callOf(mira))).bytesMax, 80);
    assert.equal((await begin({ name: "c" }, callOf(mira))).bytesMax, 15);
    await assert.rejects(begin({ name: "d" }, callOf(mira)), { code: "upload.quota_exceeded" });
  });

  it("releases the reservation of a cancelled upload once", async () => {
    const { id } = await begin({ name: "a", sizeBytes: 70 }, callOf(mira));
    await client.abandon({ id }, callOf(noor));
    assert.deepEqual(await used(mira), [0, 70]);
    await client.abandon({ id }, callOf(mira));
    await client.abandon({ id }, callOf(mira));
    assert.deepEqual(await used(mira), [0, 0]);
  });

  it("accepts a released upload that completes after all, while there is space", async () => {
    const { id } = await begin({ name: "a", sizeBytes: 70 }, callOf(mira));
    await client.abandon({ id }, callOf(mira));
    const other = await begin({ name: "b", sizeBytes: 80 }, callOf(mira));
    const bytes = await put("x".repeat(30));
    await assert.rejects(complete({ id, ...bytes }, callOf(mira)), { code: "upload.quota_exceeded" });
    await client.abandon({ id: other.id }, callOf(mira));
    assert.equal((await complete({ id, ...bytes }, callOf(mira))).sizeBytes, 30);
  });

  it("refuses to complete an upload of another user, with more bytes than reserved, or with missing bytes", async () => {
    const { id } = await begin({ name: "a", sizeBytes: 4 }, callOf(mira));
    const bytes = await put("hello");
    await assert.rejects(complete({ id, ...bytes }, callOf(noor)), {
      code: "upload.not_found",
      http: 404,
    });
    await assert.rejects(complete({ id, ...bytes }, callOf(mira)), {
      code: "upload.too_large",
      http: 413,
    });
    const missingPiece = { name: "0".repeat(32), sizeBytes: 4 };
    await assert.rejects(complete({ id, ...missingPiece }, callOf(mira)), {
      code: "kernel.storage_unavailable",
      http: 503,
    });
    await assert.rejects(complete({ id, ...bytes }, callOf()), { http: 401 });
    assert.deepEqual(await used(mira), [0, 4]);
  });

  it("hides a deleted file immediately and removes its bytes after the grace time (D6)", async () => {
    const file = await stored(mira, "hello");
    await drop(file.id);
    await assert.rejects(client.file({ id: file.id }, callOf()), { code: "upload.file_not_found", http: 404 });
    assert.deepEqual(await used(mira), [0, 0]);
    await until(async () => !(await isThere(file.key)));
    await until(async () => publishedEvents.includes(`deleted:${file.id}`));
  });

  it("keeps bytes while any file refers to them (D6)", async () => {
    const [mine, theirs] = [await stored(mira, "shared"), await stored(noor, "shared")];
    assert.equal(mine.key, theirs.key);
    await drop(mine.id);
    await until(async () => publishedEvents.includes(`deleted:${mine.id}`));
    assert.equal(await isThere(theirs.key), true);
    assert.equal((await client.file({ id: theirs.id }, callOf())).key, theirs.key);
    await drop(theirs.id);
    await until(async () => !(await isThere(theirs.key)));
  });

  it("loses no file when the same bytes are completed and purged concurrently", async () => {
    for (let round = 0; round < 8; round++) {
      const old = await stored(mira, `race ${round}`);
      await drop(old.id);
      const taken = await Promise.allSettled(Array.from({ length: 6 }, () => stored(100 + round, `race ${round}`)));
      await until(async () => publishedEvents.includes(`deleted:${old.id}`));
      for (const one of taken) {
        if (one.status === "fulfilled") assert.equal(await isThere(one.value.key), true);
        else assert.fail(one.reason);
      }
    }
  });

  it("removes stored bytes that never became a file, and only those", async () => {
    const kept = await stored(mira, "kept");
    const orphan = await object("orphan");
    const db = host.database<store.Tables>("upload");
    const sweep = (writtenBeforeMs: number) =>
      sweepUploads({ db, blob, writtenBeforeMs, signal: new AbortController().signal });
    assert.equal(await sweep(Date.now() - 3_600_000), 0);
    assert.equal(await isThere(orphan.key), true);
    assert.ok((await sweep(Date.now() + 60_000)) >= 1);
    assert.deepEqual([await isThere(orphan.key), await isThere(kept.key)], [false, true]);
  });

  it("removes the file names of a deleted account before the bytes", async () => {
    const { key } = await stored(mira, "hello");
    const db = host.database<store.Tables>("upload");
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = db.tx(async (tx) => {
      await lockKey(tx, key);
      held.resolve();
      await free.promise;
    });
    await held.promise;
    const deleting = publishEvent("user", mira);
    const names = async () => (await db.selectFrom("upload.files").select("name").execute()).map(({ name }) => name);
    const isNameless = async () => (await names()).join() === "" && (await isThere(key));
    await until(isNameless, { said: () => "it has its name" }).finally(free.resolve);
    await Promise.all([holding, deleting]);
    await until(async () => !(await isThere(key)));
  });

  it("deletes the files and uploads of a deleted account, and refuses new ones", async () => {
    const file = await stored(mira, "hello");
    const { id } = await begin({ name: "a", sizeBytes: 10 }, callOf(mira));
    await publishEvent("user", mira);
    await until(async () => !(await isThere(file.key)));
    await assert.rejects(complete({ id, ...(await put("late")) }, callOf(mira)), {
      code: "upload.not_found",
    });
    await assert.rejects(begin({ name: "a", sizeBytes: 1 }, callOf(mira)), { code: "upload.quota_exceeded" });
    assert.deepEqual(await used(mira), [0, 0]);
  });
});

describe("a reservation", () => {
  it("is never more than the space left or the maximum file size", () => {
    const bytes = fc.nat({ max: 1_000 });
    fc.assert(
      fc.property(
        bytes,
        bytes,
        bytes,
        fc.integer({ min: 1, max: 1_000 }),
        fc.option(bytes, { nil: undefined }),
        (...given) => {
          const [usedBytes, reservedBytes, quotaBytes, fileBytesMax, announced] = given;
          const space = { usedBytes, reservedBytes };
          const reserved = reservation(space, { quotaBytes, fileBytesMax }, announced);
          if (typeof reserved === "string") return;
          assert.ok(reserved <= bytesLeft(space, { quotaBytes, fileBytesMax }) && reserved <= fileBytesMax);
          if (announced !== undefined) assert.equal(reserved, announced);
        },
      ),
    );
  });
});

const mira = 11;
const noor = 12;
const publishedEvents: string[] = [];
let other: Host;

/** Replaces media and auth: publishes their events, consumes those of upload. */
const neighbour = plugin({
  contract: contract("neighbour", 1, {}),
  needs: [],
  migrations: [],
  start(given: Host) {
    other = given;
    return {
      handlers: {},
      subscriptions: [
        on(fileUploaded, async (_, { fileId }) => void publishedEvents.push(`uploaded:${fileId}`)),
        on(fileDeleted, async (_, { fileId }) => void publishedEvents.push(`deleted:${fileId}`)),
      ],
    };
  },
});

const folder = mkdtempSync(join(tmpdir(), "kinora-upload-"));
const blob = new DiskBlobStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now });
let failpoint: string | undefined;
const failpoints = {
  async hit(name: string) {
    if (name !== failpoint) return;
    failpoint = undefined;
    throw new Error(`failed at ${name}`);
  },
};
const host = new TestHost({
  environment: { failpoints },
  settings: { upload: { fileBytesMax: 80, quotaBytes: 100, graceMs: 20 } },
  parts: { blob },
});
const client = host.client(upload);

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Bytes that are durable and belong to nothing yet. */
async function put(text: string): Promise<Piece> {
  const writer = await blob.piece();
  await writer.write(Buffer.from(text));
  const [piece] = await writer.keep();
  await writer.close();
  assert.ok(piece);
  return piece;
}

async function object(text: string): Promise<StoredBlob> {
  const writer = await blob.create("upload");
  await writer.write(Buffer.from(text));
  return writer.commit();
}

/** A whole form, as the gateway takes it. */
async function begin(given: { name: string; sizeBytes?: number }, call: Call) {
  const { session, bytesMax } = await client.open({ endpoint: "form", purpose: "drive", ...given }, call);
  return { id: session.id, bytesMax };
}
const complete = ({ id, name, sizeBytes }: Piece & { id: number }, call: Call) =>
  client.finish({ id, pieces: [{ name, sizeBytes }] }, call);

async function stored(userId: number, text: string) {
  const { id } = await begin({ name: "a.mp4", sizeBytes: text.length }, callOf(userId));
  return complete({ id, ...(await put(text)) }, callOf(userId));
}

const isThere = async (key: string): Promise<boolean> => {
  const object = await blob.open(key);
  await object?.close();
  return object !== undefined;
};

async function used(userId: number): Promise<number[]> {
  const { usedBytes, reservedBytes } = await client.usage({}, callOf(userId));
  return [usedBytes, reservedBytes];
}

async function publishEvent(what: "media" | "user", id: number): Promise<void> {
  await other.db.tx((tx) =>
    what === "media"
      ? other.emit(tx, mediaDeleted, id, { mediaId: id, fileId: id, userId: mira })
      : other.emit(tx, userDeleted, id, { userId: id }),
  );
  await host.drain();
}
const drop = (fileId: number) => publishEvent("media", fileId);
