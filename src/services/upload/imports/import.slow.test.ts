import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { fileUploaded } from "#events/upload";
import fc from "fast-check";
import { type Host, contract, on, plugin } from "#kernel";
import type { Failpoint } from "#kernel/environment/failpoint";
import { silentLog } from "#kernel/log/port";
import { createGuardedOutgoing } from "#kernel/outgoing/guarded";
import { callOf, TestHost } from "#kernel/host/testing";
import { until } from "#test/until";
import { sql } from "kysely";
import { type Import, upload } from "../contract.ts";
import { beginsAt, nameOf, strongTag } from "./import-answer.ts";
import { uploadPlugin } from "../plugin.ts";

describe("an import", () => {
  before(async () => {
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    await host.add(uploadPlugin);
    await host.add(neighbour);
  });
  beforeEach(async () => {
    await host.clear();
    publishedEvents.length = 0;
    requests.length = 0;
    hit = async () => undefined;
    answers = whole(film);
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    origin.closeAllConnections();
    origin.close();
  });

  it("fetches a file, counts it, publishes its event, and names it after its URL", async () => {
    const begun = await begin("/some/sea%20film.bin?secret=1");
    assert.deepEqual([begun.status, begun.name], ["queued", "sea film.bin"]);
    const { status, fileId, receivedBytes, sizeBytes, reason } = await over(begun.id);
    assert.deepEqual([status, receivedBytes, sizeBytes, reason], ["completed", film.length, film.length, null]);
    const file = await client.file({ id: fileId ?? 0 }, callOf());
    assert.deepEqual([file.sha256, file.name, file.userId], [hash(film), "sea film.bin", mira]);
    await host.drain();
    assert.deepEqual(publishedEvents, [fileId]);
    assert.deepEqual(await used(), [film.length, 0]);
    await assert.rejects(client.cancelImport({ id: begun.id }, callOf(mira)), { code: "upload.import_completed" });
  });

  it("resumes after a broken connection if the version is the same, and restarts otherwise", async () => {
    answers = (request, response) => {
      if (requests.length > 1) return whole(film)(request, response);
      return part(response, film, 0, 200, '"one"', film.length / 2);
    };
    const { id } = await begin();
    assert.equal((await over(id)).status, "completed");
    assert.equal(requests.length, 2);
    assert.deepEqual([requests[1]?.range, requests[1]?.ifRange], [`bytes=${film.length / 2}-`, '"one"']);

    const other = randomBytes(film.length);
    for (const [first, second] of [
      ['"one"', '"two"'],
      ['W/"one"', 'W/"one"'],
      [undefined, undefined],
    ] as const) {
      requests.length = 0;
      answers = (request, response) =>
        requests.length > 1
          ? whole(other, second)(request, response)
          : part(response, film, 0, 200, first, film.length / 2);
      const again = await over((await begin()).id);
      const file = await client.file({ id: again.fileId ?? 0 }, callOf());
      assert.equal(file.sha256, hash(other), `${first} and then ${second}`);
    }
  });

  it("ignores a part that it did not request", async () => {
    let wrong = 0;
    answers = (request, response) => {
      if (requests.length === 1) return part(response, film, 0, 200, '"one"', 1_000);
      if (request.headers.range === undefined) return whole(film)(request, response);
      wrong += 1;
      return part(response, film, 500, 206, '"one"');
    };
    const { status, fileId } = await over((await begin()).id);
    assert.deepEqual([status, wrong], ["completed", 1]);
    assert.equal((await client.file({ id: fileId ?? 0 }, callOf())).sha256, hash(film));
  });

  it("accepts an answer without a length, and follows a redirect", async () => {
    answers = (request, response) => {
      if (request.url === "/film.bin") response.writeHead(302, { location: "/there.bin" }).end();
      else response.writeHead(200).end(film);
    };
    const { status, sizeBytes } = await over((await begin()).id);
    assert.deepEqual([status, sizeBytes], ["completed", film.length]);
  });

  it("fails with the reason, without a retry, and stores nothing", async () => {
    const html = Buffer.from("<!doctype html><p>hello");
    for (const [code, answer, given] of [
      ["upload.nothing_there", (_, response) => response.writeHead(404).end()],
      ["upload.nothing_there", (_, response) => response.writeHead(204).end()],
      ["upload.empty_file", (_, response) => response.writeHead(200, { "content-length": 0 }).end()],
      ["upload.empty_file", (_, response) => response.writeHead(200).end()],
      [
        "upload.too_large",
        (_, response) => response.writeHead(200, { "content-length": fileBytesMax + 1 }).flushHeaders(),
      ],
      ["upload.too_large", (_, response) => endless(response)],
      ["upload.not_media", whole(html), { purpose: "media" }],
      ["outgoing.refused", (_, response) => response.writeHead(302, { location: "http://127.0.0.2:1/" }).end()],
    ] as readonly [string, Answers, { purpose?: "media" }?][]) {
      answers = answer;
      requests.length = 0;
      const { status, reason, fileId } = await over((await begin("/film.bin", given)).id);
      // Refused by the guard looks as every other failure of a redirect does: it is not tried again either way.
      assert.deepEqual([status, fileId, reason?.error], ["failed", null, code]);
      assert.equal(requests.length, 1, code);
      assert.ok((reason?.message ?? "").length > 10);
      await until(async () => (await used()).join() === "0,0");
    }
    await until(async () => (await pieces()).length === 0);
  });

  it("fails at the quota", async () => {
    for (const byte of [1, 2, 3]) {
      answers = whole(Buffer.alloc(fileBytesMax, byte));
      assert.equal((await over((await begin()).id)).status, "completed");
    }
    answers = whole(film);
    assert.equal((await over((await begin()).id)).reason?.error, "upload.quota_exceeded");
    answers = (_, response) => response.writeHead(200).end(film);
    assert.equal((await over((await begin()).id)).reason?.error, "upload.quota_exceeded");
    await until(async () => (await used()).join() === `${3 * fileBytesMax},0`);
  });

  it("retries a server that is unavailable for a while", async () => {
    answers = (request, response) => {
      if (requests.length === 1) response.writeHead(503).end();
      else whole(film)(request, response);
    };
    const { id } = await begin();
    const waiting = await until(async () => {
      const now = await client.importStatus({ id }, callOf(mira));
      return now.reason ? now : undefined;
    });
    assert.deepEqual([waiting.reason?.error], ["outgoing.failed"]);
    assert.deepEqual([(await over(id)).status, (await over(id)).reason], ["completed", null]);
  });

  it("is cancelled on request by its owner alone, with its transfer", async () => {
    const closed = Promise.withResolvers<void>();
    // It neither ends nor stalls by itself.
    answers = (_, response) => {
      response.writeHead(200, { etag: '"one"' });
      const dripping = setInterval(() => response.write("x"), 50);
      response.once("close", () => {
        clearInterval(dripping);
        closed.resolve();
      });
    };
    const { id } = await begin();
    await until(() => requests.length === 1);
    await client.cancelImport({ id }, callOf(mira));
    await closed.promise;
    assert.equal((await over(id)).status, "cancelled");
    await host.drain();
    assert.deepEqual(await used(), [0, 0]);
    await client.cancelImport({ id }, callOf(mira));
    await assert.rejects(client.importStatus({ id }, callOf(noor)), { code: "upload.not_found" });
    await assert.rejects(client.cancelImport({ id }, callOf(noor)), { code: "upload.not_found" });
  });

  it("counts against the limit of imports for a minute after its cancellation", async () => {
    for (let n = 0; n < 50; n++) await client.cancelImport({ id: (await begin()).id }, callOf(mira));
    await assert.rejects(begin(), { code: "upload.too_many_imports", http: 429 });
    await sql`UPDATE upload.imports SET ended_at_ms = ended_at_ms - 60000`.execute(host.database("upload"));
    await begin();
  });

  it("runs beside one other of its user, and is refused after fifty queued ones", async () => {
    const unanswered: ServerResponse[] = [];
    answers = (_, response) => void unanswered.push(response);
    const begun = await Promise.all(Array.from({ length: 4 }, () => begin()));
    const theirs = await client.importUrl({ url: `${address()}/theirs`, purpose: "drive" }, callOf(noor));
    await until(() => unanswered.length === 3);
    const status = async () => {
      const { items } = await client.imports({ limit: 100 }, callOf(mira));
      return items.map((one) => one.status).toSorted();
    };
    await until(async () => (await status()).join() === "queued,queued,running,running");
    answers = whole(Buffer.from("small"));
    for (const response of unanswered) whole(Buffer.from("small"))({ headers: {} }, response);
    for (const { id } of begun) assert.equal((await over(id)).status, "completed");
    await until(async () => (await client.importStatus({ id: theirs.id }, callOf(noor))).status === "completed");

    answers = () => undefined;
    await Promise.all(Array.from({ length: 52 }, () => begin()));
    await until(async () => (await status()).filter((one) => one === "running").length === 2);
    await assert.rejects(begin(), { code: "upload.too_many_imports", http: 429 });
    for (const { id } of (await client.imports({ limit: 100 }, callOf(mira))).items)
      await client.cancelImport({ id }, callOf(mira)).catch(() => undefined);
  });

  for (const point of ["import.kept", "import.received", "upload.assembled", "upload.settled"] as const)
    it(`that fails at ${point} continues, and makes one file`, async () => {
      let isFirst = true;
      hit = async (name) => {
        if (name !== point || !isFirst) return;
        isFirst = false;
        throw new Error("broken on purpose");
      };
      const { status, fileId } = await over((await begin()).id);
      await host.drain();
      assert.deepEqual([status, isFirst, publishedEvents], ["completed", false, [fileId]]);
      assert.deepEqual(await used(), [film.length, 0]);
    });

  it("refuses addresses of private networks and invalid URLs, and sends no request (S5.1)", async () => {
    const strict = new TestHost({ settings: { upload: { importsAtOnce: 10 } } });
    await strict.add(uploadPlugin);
    const strictly = strict.client(upload);
    const { port } = new URL(address());
    for (const url of [
      `http://127.0.0.1:${port}/a`,
      `http://localhost:${port}/a`,
      `http://[::ffff:127.0.0.1]:${port}/a`,
      `http://0x7f.1:${port}/a`,
    ]) {
      const { id } = await strictly.importUrl({ url, purpose: "drive" }, callOf(mira));
      const last = await until(async () => {
        const now = await strictly.importStatus({ id }, callOf(mira));
        return now.status === "failed" ? now : undefined;
      });
      assert.equal(last.reason?.error, "outgoing.refused", url);
    }
    for (const url of [
      "ftp://example.org/a",
      "file:///etc/passwd",
      "film.mp4",
      "https://me:secret@example.org/a",

      "",
    ])
      await assert.rejects(strictly.importUrl({ url }, callOf(mira)), { code: "upload.bad_url" }, url);
    await strict[Symbol.asyncDispose]();
    assert.deepEqual(requests, []);
  });
});

describe("the answer to an import", () => {
  it("continues the file only as the next part of the same version, and restarts or fails otherwise", () => {
    const whole = { etag: '"a"', contentRange: undefined, lengthBytes: 10 };
    const rest = { status: 206, etag: '"a"', contentRange: "bytes 4-9/10", lengthBytes: 6 };
    assert.deepEqual(beginsAt({ status: 200, ...whole }, 0, null), { is: "goes on", sizeBytes: 10 });
    assert.deepEqual(beginsAt({ status: 200, ...whole }, 4, '"a"'), { is: "restart", sizeBytes: 10 });
    assert.deepEqual(beginsAt(rest, 4, '"a"'), { is: "goes on", sizeBytes: 10 });
    for (const wrong of [
      { ...rest, etag: '"b"' },
      { ...rest, etag: undefined },
      { ...rest, contentRange: "bytes 3-9/10" },
      { ...rest, contentRange: undefined },
    ])
      assert.deepEqual(beginsAt(wrong, 4, '"a"'), { is: "nothing", isForNow: true });
    assert.deepEqual(beginsAt(rest, 4, null), { is: "nothing", isForNow: true });
    for (const [status, isForNow] of [
      [404, false],
      [403, false],
      [410, false],
      [304, false],
      [429, true],
      [500, true],
      [503, true],
    ] as const)
      assert.deepEqual(beginsAt({ ...whole, status }, 0, null), { is: "nothing", isForNow });
  });

  it("has a version only with a strong ETag", () => {
    assert.equal(strongTag('"a-b"'), '"a-b"');
    for (const weak of ['W/"a"', "a", '"', undefined, '"a"b"', '"a\r\nb"']) assert.equal(strongTag(weak), null);
  });

  it("has a name for any URL", () => {
    assert.equal(nameOf("https://example.org/a/b%20c.mp4?d=e#f"), "b c.mp4");
    assert.equal(nameOf("https://example.org/"), "example.org");
    assert.equal(nameOf("https://example.org/%zz"), "%zz");
    assert.equal(nameOf("https://example.org/%2e%2e%2fpasswd"), "passwd");
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => nameOf(url).length > 0),
    );
  });
});

const mira = 11;
const noor = 12;
const fileBytesMax = 6 * 2 ** 20;
const quotaBytes = 20 * 2 ** 20;
const film = randomBytes(3 * 2 ** 20);
const publishedEvents: number[] = [];
let hit: (name: Failpoint) => Promise<void>;

type Answers = (request: Pick<IncomingMessage, "headers" | "url">, response: ServerResponse) => unknown;
let answers: Answers;
const requests: { range: string | undefined; ifRange: string | undefined }[] = [];
const origin = createServer((request, response) => {
  requests.push({ range: request.headers.range, ifRange: request.headers["if-range"]?.toString() });
  answers(request, response);
});
const address = () => `http://127.0.0.1:${(origin.address() as AddressInfo).port}`; // A TCP server has one.

/** Serves a file as a careful server does, by range where it is asked to and the version is the same. */
const whole =
  (bytes: Buffer, etag: string | undefined = '"one"'): Answers =>
  ({ headers }, response) => {
    const from = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
    if (from === undefined || headers["if-range"] !== etag) return part(response, bytes, 0, 200, etag);
    return part(response, bytes, Number(from), 206, etag);
  };

/** Answers with what is from `from` on, and breaks off after `cutAfter` bytes. */
function part(response: ServerResponse, bytes: Buffer, from: number, status: number, etag?: string, cutAfter?: number) {
  response.writeHead(status, {
    "content-length": bytes.length - from,
    ...(etag !== undefined && { etag }),
    ...(status === 206 && { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  });
  if (cutAfter === undefined) response.end(bytes.subarray(from));
  else {
    response.write(bytes.subarray(from, from + cutAfter));
    // Unread bytes are lost when a connection breaks off, so it is cut after everything has arrived.
    const hasArrived = async () => (await client.imports({}, callOf(mira))).items[0]?.receivedBytes === cutAfter;
    void until(hasArrived).then(() => response.destroy());
  }
}

function endless(response: ServerResponse): void {
  const more = () => {
    if (!response.destroyed) response.write(Buffer.alloc(2 ** 16, 7), () => setImmediate(more));
  };
  response.writeHead(200);
  more();
}

const neighbour = plugin({
  contract: contract("neighbour", 1, {}),
  needs: [],
  migrations: [],
  start: (_: Host) => ({
    handlers: {},
    subscriptions: [on(fileUploaded, async (_, { fileId }) => void publishedEvents.push(fileId))],
  }),
});

const host = new TestHost({
  environment: { failpoints: { hit: (name) => hit(name) } },
  settings: { upload: { fileBytesMax, quotaBytes, leaseMs: 3_000, importKeepBytes: 1 } },
  parts: { outgoing: createGuardedOutgoing({ allow: ["127.0.0.1"], log: silentLog, own: () => [] }) },
});
const client = host.client(upload);

const begin = (path = "/film.bin", given: { purpose?: "media" | "drive" } = {}): Promise<Import> =>
  client.importUrl({ url: address() + path, purpose: "drive", ...given }, callOf(mira));

async function over(id: number): Promise<Import> {
  let last: Import | undefined;
  return until(
    async () => {
      last = await client.importStatus({ id }, callOf(mira));
      return ["completed", "failed", "cancelled"].includes(last.status) ? last : undefined;
    },
    { said: () => JSON.stringify(last) },
  );
}

const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
async function used(): Promise<number[]> {
  const { usedBytes, reservedBytes } = await client.usage({}, callOf(mira));
  return [usedBytes, reservedBytes];
}
/** Pieces that some upload has. */
const pieces = async (): Promise<string[]> => {
  const db = host.database<{ "upload.upload_pieces": { name: string } }>("upload");
  return (await db.selectFrom("upload.upload_pieces").select("name").execute()).map(({ name }) => name);
};
