import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { beforeEach, describe, it } from "node:test";
import { PostgresError } from "./error.ts";
import { supervise } from "./supervisor.ts";
import type { Exit, Server } from "./postmaster.ts";

describe("F4, F10: a supervised database server", () => {
  beforeEach(() => {
    begun.length = 0;
    said.length = 0;
    isFull = false;
    isBroken = false;
    tries = 0;
  });

  it("is restarted as soon as there is space after a full disk ended it", async () => {
    const server = await supervise(begin, parts);
    isFull = true;
    begun[0]?.end(full);
    await untilSaid("the disk is full and the database ended: it is restarted when there is space");
    await untilTried(3);
    isFull = false;
    await untilSaid("the database is there again");
    assert.equal(server.pid, 2);
    await server.stop();
    assert.equal((await server.exited).code, 0);
    assert.equal(begun.length, 2);
  });

  it("is restarted after another end, three times within a minute", async (t) => {
    let nowMs = 0;
    t.mock.method(performance, "now", () => nowMs);
    const server = await supervise(begin, parts);
    const endAndRestart = async () => {
      const count = begun.length;
      begun.at(-1)?.end("LOG:  shutting down");
      await until(() => begun.length > count);
    };
    for (let n = 0; n < 3; n++) await endAndRestart();
    nowMs += 60_000;
    for (let n = 0; n < 3; n++) await endAndRestart();
    assert.equal(server.pid, 7);
    begun.at(-1)?.end("LOG:  shutting down");
    assert.equal((await server.exited).code, 1);
    assert.equal(said.at(-1), "the database is not restarted any more");
    assert.equal(begun.length, 7);
  });

  it("is not restarted once a start found its files unusable", async () => {
    const server = await supervise(begin, parts);
    isBroken = true;
    begun[0]?.end("PANIC:  could not locate a valid checkpoint record");
    assert.equal((await server.exited).code, 1);
    assert.deepEqual([said.at(-1), tries], ["the database is not restarted any more", 2]);
  });

  it("is given up when its restart fails for another reason", async () => {
    const server = await supervise(begin, parts);
    isBroken = true;
    begun[0]?.end(full);
    assert.equal((await server.exited).code, 1);
    assert.equal(said.at(-1), "the database is not restarted any more");
  });

  it("can be stopped while it waits for disk space", async () => {
    const server = await supervise(begin, parts);
    isFull = true;
    begun[0]?.end(full);
    await untilSaid("the disk is full and the database ended: it is restarted when there is space");
    await server.stop();
    assert.equal((await server.exited).code, 1);
    assert.equal(begun.length, 1);
  });
});

const full = "PANIC:  could not write to file: No space left on device";
const begun: { end(line: string): void }[] = [];
const said: string[] = [];
const waiting = new Set<() => void>();
let tries = 0;
let isFull = false;
let isBroken = false;

const say = (message: string): void => {
  said.push(message);
  wake();
};
const parts = { data: tmpdir(), say, backoffMs: [0, 1, 2] };
const wake = (): void => {
  for (const resolve of waiting) resolve();
};

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise<void>((resolve) => waiting.add(resolve));
}
const untilSaid = (message: string): Promise<void> => until(() => said.includes(message));
const untilTried = (count: number): Promise<void> => until(() => tries >= count);

/** A server of which only the end is of interest. */
async function begin(): Promise<Server> {
  tries += 1;
  wake();
  if (isFull) throw new PostgresError("disk_full", "no space");
  if (isBroken) throw new PostgresError("damaged", "no more");
  const { promise: exited, resolve } = Promise.withResolvers<Exit>();
  const log: string[] = [];
  begun.push({
    end(line) {
      log.push(line);
      resolve({ code: 1, signal: null });
    },
  });
  wake();
  return { pid: begun.length, log, exited, stop: async () => resolve({ code: 0, signal: null }) };
}
