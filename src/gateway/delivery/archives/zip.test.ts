import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { directory, read } from "../testing.ts";
import { bytesOf, planOf, type ZipEntry } from "./zip.ts";
import { streamZip } from "./zip-stream.ts";

describe("a zip archive", () => {
  it("holds every entry with its name, bytes and checksum, and has the announced length", async () => {
    const path = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .map((text) => text.toWellFormed().replaceAll("/", "-"));
    const files = fc.uniqueArray(fc.tuple(path, fc.option(fc.uint8Array({ maxLength: 300 }))), {
      maxLength: 20,
      selector: ([name]) => name,
    });
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const objects = new Map(given.map(([, bytes], i) => [String(i), Buffer.from(bytes ?? [])]));
        const entries = given.map(([name, bytes], i) => entry(name, bytes && String(i), bytes?.length ?? 0));
        const { whole, sizeBytes } = await made(entries, objects);
        assert.equal(whole.length, sizeBytes);
        assert.deepEqual(
          read(whole).map(({ original, bytes }) => [original.replace(/\/$/, ""), bytes.toString("hex")]),
          given.map(([name, bytes]) => [name, Buffer.from(bytes ?? []).toString("hex")]),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("uses ZIP64 for 70,000 entries and for entries of 4 GiB", async () => {
    const many = Array.from({ length: 70_000 }, (_, i) => entry(`f${i}`, null, 0));
    const { whole, sizeBytes } = await made(many, new Map());
    assert.equal(whole.length, sizeBytes);
    assert.equal(read(whole).length, 70_000);

    const largeBytes = 0xffff_ffff;
    const same = Buffer.alloc(512 * 1_024, 7);
    const plan = planOf([entry("large", "0", largeBytes), entry("after", "1", 3)]);
    const reader = (bytes: Buffer) => ({
      sizeBytes: 0,
      changedAtMs: 0,
      read: async (_: number, length: number) => bytes.subarray(0, length),
      close: async () => undefined,
    });
    let sent = 0;
    let tail = Buffer.alloc(0);
    for await (const bytes of bytesOf(plan, async (key) => reader(key === "0" ? same : Buffer.from("abc")))) {
      sent += bytes.length;
      tail = Buffer.concat([tail, bytes.length > 1_000 ? bytes.subarray(-1_000) : bytes]).subarray(-1_000);
    }
    assert.equal(sent, plan.sizeBytes);
    // Only the end of it is at hand: the directory, in which the sizes and the second one's place need 64 bits.
    const [large, after] = directory(tail, sent - tail.length);
    assert.deepEqual([large?.sizeBytes, after?.sizeBytes], [largeBytes, 3]);
    assert.equal(after?.offset, plan.entries[1]?.offset);
    assert.ok((after?.offset ?? 0) > largeBytes);
  });

  it("opens one object at a time, and closes it whichever side stops", async () => {
    const open = new Set<string>();
    const plan = planOf(["a", "b", "c"].map((name) => entry(name, name, 200_000)));
    const reader = async (key: string) => {
      open.add(key);
      assert.equal(open.size, 1);
      return {
        sizeBytes: 200_000,
        changedAtMs: 0,
        read: async (at: number, length: number) => {
          if (key === "b" && at === 0) return Buffer.alloc(100_000);
          if (key === "b") throw new Error("the disk is gone");
          return Buffer.alloc(length);
        },
        close: async () => void open.delete(key),
      };
    };
    for await (const _ of bytesOf(plan, reader)) break;
    assert.equal(open.size, 0);
    await assert.rejects(Array.fromAsync(bytesOf(plan, reader)), /the disk is gone/);
    assert.equal(open.size, 0);
    const short = planOf([entry("a", "a", 300_000)]);
    const ending = { sizeBytes: 1, changedAtMs: 0, read: async () => Buffer.alloc(0), close: async () => undefined };
    await assert.rejects(Array.fromAsync(bytesOf(short, async () => ending)), /shorter than was said/);
  });
});

describe("a zip archive that is made while it is sent", () => {
  it("holds every file with its name, bytes and checksum, whether its length is known or not", async () => {
    const path = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .map((text) => text.toWellFormed().replaceAll("/", "-"));
    const files = fc.uniqueArray(fc.tuple(path, fc.array(fc.string({ unit: "grapheme" })), fc.boolean()), {
      maxLength: 20,
      selector: ([name]) => name,
    });
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        let open = 0;
        async function* made() {
          for (const [name, texts, isObject] of given) {
            const bytes = Buffer.from(texts.join(""));
            const object = {
              sizeBytes: bytes.length,
              changedAtMs: 0,
              read: async (at: number, length: number) => bytes.subarray(at, at + Math.min(length, 7)),
              close: async () => void open--,
            };
            if (isObject) open++;
            yield isObject ? { path: name, changedAtMs: 0, object } : { path: name, changedAtMs: 0, text: texts };
          }
        }
        const whole = Buffer.concat(await Array.fromAsync(streamZip(made())));
        assert.deepEqual(
          read(whole).map(({ original, bytes }) => [original, bytes.toString()]),
          given.map(([name, texts]) => [name, Buffer.from(texts.join("")).toString()]),
        );
        assert.equal(open, 0);
      }),
      { numRuns: 60 },
    );
  });

  it("closes an object where the reader stops or the object ends early", async () => {
    let open = 0;
    const object = (bytes: Buffer) => ({
      sizeBytes: 1_000_000,
      changedAtMs: 0,
      read: async () => bytes,
      close: async () => void open--,
    });
    async function* one(bytes: Buffer) {
      open++;
      yield { path: "a", changedAtMs: 0, object: object(bytes) };
    }
    for await (const _ of streamZip(one(Buffer.alloc(100_000)))) break;
    assert.equal(open, 0);
    await assert.rejects(Array.fromAsync(streamZip(one(Buffer.alloc(0)))), /shorter than was said/);
    assert.equal(open, 0);
  });
});

const entry = (path: string, key: string | null, sizeBytes: number): ZipEntry => ({
  path,
  key,
  sizeBytes,
  changedAtMs: Date.UTC(2026, 10, 20, 10, 0, 2),
});

async function made(entries: readonly ZipEntry[], objects: ReadonlyMap<string, Buffer>) {
  const plan = planOf(entries);
  const open = async (key: string) => ({
    sizeBytes: 0,
    changedAtMs: 0,
    // In small pieces, as a store may give them.
    read: async (at: number, length: number) =>
      (objects.get(key) ?? Buffer.alloc(0)).subarray(at, at + Math.min(length, 7)),
    close: async () => undefined,
  });
  return { whole: Buffer.concat(await Array.fromAsync(bytesOf(plan, open))), sizeBytes: plan.sizeBytes };
}
