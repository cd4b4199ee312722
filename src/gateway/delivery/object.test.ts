import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import type { BlobStore } from "#kernel";
import { ObjectDamaged } from "#kernel/errors";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { silentLog } from "#kernel/log/port";
import { until } from "#test/until";
import { Chunks } from "./chunks.ts";
import { OpenObjects } from "./open-objects.ts";
import { HotParts } from "./hot.ts";
import { HotAnswers } from "./hot-answers.ts";
import { sendObject } from "./object.ts";

describe("an object on its way out", () => {
  it("is closed when its reader goes away, also where the response never says that it is closed", async () => {
    const { reply, raw, parts, open } = sending({ objectBytes: 50_000_000 });
    const sent = sendObject(asking, reply, object(50_000_000), parts);
    await until(async () => raw.written > 0);
    assert.equal(open.size, 1);
    raw.emit("close");
    await sent;
    assert.equal(open.size, 0);
    assert.ok(raw.written < 2_000_000);
  });

  it("goes on when its reader is ready for more", async () => {
    const { reply, raw, parts, open } = sending({ objectBytes: 3_000_000 });
    const sent = sendObject(asking, reply, object(3_000_000), parts);
    const draining = setInterval(() => raw.emit("drain"), 1);
    await sent;
    clearInterval(draining);
    assert.deepEqual([raw.written, raw.isEnded, open.size], [3_000_000, true, 0]);
  });

  it("R5: that has another length than its record says is refused before a word is said", async () => {
    for (const sizeBytes of [1_000, 50_000_000]) {
      const { reply, parts, told, open } = sending({ objectBytes: sizeBytes - 1 });
      await assert.rejects(sendObject(asking, reply, object(sizeBytes), parts), { code: "kernel.object_damaged" });
      assert.deepEqual([told, open.size], [{}, 0]);
    }
  });

  it("R5: that was set aside is refused to a HEAD too, while others have it open", async () => {
    const { reply, parts, told } = sending({ objectBytes: 100_000 });
    const others = await parts.objects.open(object(100_000));
    parts.blob.open = () => Promise.reject(ObjectDamaged({}));
    const heading = { ...asking, method: "HEAD" } as HttpRequest; // As above.
    await assert.rejects(sendObject(heading, reply, object(100_000), parts), { code: "kernel.object_damaged" });
    assert.deepEqual(told, {});
    await others?.close();
    await parts.objects.close();
  });

  it("that cannot be had says nothing a cache could keep", async () => {
    for (const sizeBytes of [1_000, 50_000_000]) {
      const { reply, parts, told } = sending({});
      await assert.rejects(sendObject(asking, reply, object(sizeBytes), parts), { http: 404 });
      assert.deepEqual(told, {});
    }
  });
});

const object = (sizeBytes: number) => ({
  key: `media/${"0".repeat(64)}`,
  sizeBytes,
  mime: "video/mp4",
  isPublic: true,
});
const asking = { method: "GET", headers: {}, raw: { method: "GET", url: "/", headers: {} } } as unknown as HttpRequest; // All that is read of it.

/** HTTP/2's compatible response: it takes bytes until it is full, tells of its end once, and has no `destroyed`. */
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
  const told: Record<string, unknown> = {};
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
  } as unknown as BlobStore; // All that is used of it.
  const reply = {
    raw,
    code: () => reply,
    type: () => reply,
    header: (name: string, value: unknown) => Object.assign(told, { [name]: value }),
    headers: (all: object) => Object.assign(told, all),
    getHeaders: () => told,
    hijack: () => undefined,
    send: () => reply,
  } as unknown as HttpReply; // All that is used of it.
  const answers = new HotAnswers({ add: () => undefined }, 0);
  const opened = { objects: new OpenObjects(blob), chunks: new Chunks() };
  return { reply, raw, open, told, parts: { blob, hot: new HotParts(1_000_000), ...opened, answers, log: silentLog } };
}
