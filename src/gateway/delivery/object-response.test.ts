import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import type { BlobStore } from "#kernel";
import { ObjectDamaged } from "#kernel/errors";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { silentLog } from "#kernel/log/port";
import { until } from "#test/until";
import { BufferPool } from "./buffer-pool.ts";
import { SharedReaders } from "./shared-readers.ts";
import { RangeCache } from "./range-cache.ts";
import { ResponseCache } from "./response-cache.ts";
import { sendObject } from "./object-response.ts";

describe("an object response", () => {
  it("closes the object when its client disconnects, also where the response never reports it", async () => {
    const { reply, raw, parts, open } = sending({ objectBytes: 50_000_000 });
    const sent = sendObject(getRequest, reply, object(50_000_000), parts);
    await until(async () => raw.written > 0);
    assert.equal(open.size, 1);
    raw.emit("close");
    await sent;
    assert.equal(open.size, 0);
    assert.ok(raw.written < 2_000_000);
  });

  it("continues when its client is ready for more", async () => {
    const { reply, raw, parts, open } = sending({ objectBytes: 3_000_000 });
    const sent = sendObject(getRequest, reply, object(3_000_000), parts);
    const draining = setInterval(() => raw.emit("drain"), 1);
    await sent;
    clearInterval(draining);
    assert.deepEqual([raw.written, raw.isEnded, open.size], [3_000_000, true, 0]);
  });

  it("R5: rejects an object of another length than recorded before any header is set", async () => {
    for (const sizeBytes of [1_000, 50_000_000]) {
      const { reply, parts, headers, open } = sending({ objectBytes: sizeBytes - 1 });
      await assert.rejects(sendObject(getRequest, reply, object(sizeBytes), parts), { code: "kernel.object_damaged" });
      assert.deepEqual([headers, open.size], [{}, 0]);
    }
  });

  it("R5: rejects a quarantined object for HEAD too, while others have it open", async () => {
    const { reply, parts, headers } = sending({ objectBytes: 100_000 });
    const others = await parts.readers.open(object(100_000));
    parts.blob.open = () => Promise.reject(ObjectDamaged({}));
    const headRequest = { ...getRequest, method: "HEAD" } as HttpRequest; // As above.
    await assert.rejects(sendObject(headRequest, reply, object(100_000), parts), { code: "kernel.object_damaged" });
    assert.deepEqual(headers, {});
    await others?.close();
    await parts.readers.close();
  });

  it("R5: answers 503 without cacheable headers for a missing object, and reports it", async () => {
    for (const sizeBytes of [1_000, 50_000_000]) {
      const { reply, parts, headers } = sending({});
      const reported: string[] = [];
      parts.blob.reportMissing = (key) => void reported.push(key);
      const sent = sendObject(getRequest, reply, object(sizeBytes), parts);
      await assert.rejects(sent, { http: 503, code: "kernel.object_damaged" });
      assert.deepEqual([headers, reported], [{}, [object(sizeBytes).key]]);
    }
  });
});

const object = (sizeBytes: number) => ({
  key: `media/${"0".repeat(64)}`,
  sizeBytes,
  mime: "video/mp4",
  isPublic: true,
});
const getRequest = {
  method: "GET",
  headers: {},
  raw: { method: "GET", url: "/", headers: {} },
} as unknown as HttpRequest; // Nothing else is read.

/** The compatible response of HTTP/2: it buffers until it is full, reports its end once, and has no `destroyed`. */
class Response extends EventEmitter {
  written = 0;
  isEnded = false;
  writeHead(): void {}
  write(bytes: Buffer, sent: () => void): boolean {
    this.written += bytes.byteLength;
    this.once("drain", sent);
    return false;
  }
  end(): void {
    this.isEnded = true;
  }
}

function sending({ objectBytes }: { objectBytes?: number }) {
  const open = new Set<object>();
  const raw = new Response();
  const headers: Record<string, unknown> = {};
  const blob = {
    async open() {
      if (objectBytes === undefined) return undefined;
      const reader = {
        sizeBytes: objectBytes,
        read: async (_: number, length: number) => Buffer.alloc(length),
        close: async () => void open.delete(reader),
      };
      open.add(reader);
      return reader;
    },
  } as unknown as BlobStore; // Nothing else is used.
  const reply = {
    raw,
    code: () => reply,
    type: () => reply,
    header: (name: string, value: unknown) => Object.assign(headers, { [name]: value }),
    headers: (all: object) => Object.assign(headers, all),
    getHeaders: () => headers,
    hijack: () => undefined,
    send: () => reply,
  } as unknown as HttpReply; // Nothing else is used.
  const parts = {
    blob,
    ranges: new RangeCache(1_000_000),
    readers: new SharedReaders(blob),
    buffers: new BufferPool(),
    responses: new ResponseCache({ add: () => undefined }, 0),
    log: silentLog,
  };
  return { reply, raw, open, headers, parts };
}
