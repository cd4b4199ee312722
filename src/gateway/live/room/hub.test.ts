import assert from "node:assert/strict";
import { afterEach, describe, it, mock } from "node:test";
import { silentLog } from "#kernel/log/port";
import type { RoomBatch, RoomLine } from "#services/live/contract";
import { until } from "#test/until";
import type { Frames } from "./frames.ts";
import { RoomHub } from "./hub.ts";
import { Member, type Outlet, waitingBytesMax } from "./member.ts";
import { textOf } from "./testing.ts";

const batchLines = 50;
const text = "x".repeat(400);

describe("a viewer of a live room whose client does not read", () => {
  afterEach(() => {
    for (const hub of hubs.splice(0)) hub.close();
    mock.restoreAll();
  });

  it("costs at most 512 kB, and delays no other viewer (S6.4)", async () => {
    const { hub, publish } = await hubOf();
    const [stalled, reading] = [new Client({ reads: false }), new Client({ reads: true })];
    for (const client of [stalled, reading]) hub.add(client.member, undefined);
    for (let n = 0; n < 40; n++) await publish();
    await until(() => reading.seqs.length === 40 * batchLines);
    assert.deepEqual(reading.seqs, numbersTo(40 * batchLines));
    assert.ok(stalled.waitingBytes > waitingBytesMax, "it has as much as it may");
    assert.ok(stalled.waitingBytes <= 512 * 1024, `${stalled.waitingBytes} bytes wait`);
    assert.equal(stalled.closed, undefined, "it has ten seconds");
  });

  it("gets what it missed, once and in order, when it reads again", async () => {
    const { hub, publish } = await hubOf();
    const client = new Client({ reads: false });
    hub.add(client.member, undefined);
    for (let n = 0; n < 16; n++) await publish();
    assert.ok(client.seqs.length < 16 * batchLines, "some was not sent");
    client.read();
    await until(() => client.seqs.length === 16 * batchLines);
    assert.deepEqual(client.seqs, numbersTo(16 * batchLines));
    assert.ok(client.kinds.includes("resync"));
    await publish();
    await until(() => client.seqs.length === 17 * batchLines);
  });

  it("begins with the present where it missed more than is kept", async () => {
    const { hub, publish } = await hubOf();
    const client = new Client({ reads: false });
    hub.add(client.member, undefined);
    for (let n = 0; n < 60; n++) await publish();
    client.read();
    await until(() => client.kinds.includes("gap"));
    await publish();
    await until(() => client.seqs.at(-1) === 61 * batchLines);
    assert.deepEqual(
      client.seqs,
      client.seqs.toSorted((a, b) => a - b),
      "nothing comes twice or late",
    );
  });

  it("is disconnected with 1013 after ten seconds (S6.4)", async () => {
    const { hub, publish } = await hubOf();
    const client = new Client({ reads: false });
    hub.add(client.member, undefined);
    for (let n = 0; n < 20; n++) await publish();
    const now = performance.now.bind(performance);
    mock.method(performance, "now", () => now() + 10_500);
    await until(() => client.closed === 1013);
  });
});

const hubs: RoomHub[] = [];

/** A hub of a room, and what sends it the messages of a tick. */
async function hubOf(): Promise<{ hub: RoomHub; publish: () => Promise<void> }> {
  let seq = 0;
  const batches: RoomBatch[] = [{ from: 0, seq: 0, lines: [] }];
  const wakes: (() => void)[] = [];
  const room = {
    async *room() {
      for (let at = 0; ; at++) {
        while (batches[at] === undefined) await new Promise<void>((resolve) => wakes.push(resolve));
        yield batches[at];
      }
    },
    roomAfter: async () => ({ from: seq, seq, lines: [] }),
    dismissed: async () => ({ status: "live", userIds: [] }),
  };
  const hub = new RoomHub({ id: 7, client: () => room as never, log: silentLog, checkMs: 600_000 }); // The one contract that a hub calls.
  hubs.push(hub);
  await hub.hasBegun(10_000);
  return {
    hub,
    async publish() {
      const from = seq;
      const lines = Array.from({ length: batchLines }, (): RoomLine => {
        seq += 1;
        return { seq, kind: "chat", userId: 2, username: "noor", payload: JSON.stringify({ message: text }), atMs: 1 };
      });
      batches.push({ from, seq, lines });
      for (const wake of wakes.splice(0)) wake();
      await until(() => hub.seq === seq);
    },
  };
}

/** A connection that reads at once, or not before it is asked to. */
class Client implements Outlet {
  readonly member: Member;
  readonly #texts: string[] = [];
  #reads: boolean;
  waitingBytes = 0;
  closed: number | undefined;

  constructor({ reads }: { readonly reads: boolean }) {
    this.#reads = reads;
    this.member = new Member(
      { userId: 2, person: "user:2", username: "noor", sessionId: undefined, generation: 1, isGranted: false },
      this,
      0,
    );
  }

  send({ batch }: Frames): void {
    const said = textOf(batch);
    this.#texts.push(said);
    if (!this.#reads) this.waitingBytes += said.length;
  }
  read(): void {
    this.#reads = true;
    this.waitingBytes = 0;
  }
  close(code: number): void {
    this.closed = code;
  }

  get #frames() {
    return this.#texts.flatMap((one) => (JSON.parse(one) as { batch: { type: string; seq?: number }[] }).batch); // As it was written.
  }
  get kinds(): string[] {
    return this.#frames.map(({ type }) => type);
  }
  /** The numbers of the messages it was sent. */
  get seqs(): number[] {
    return this.#frames.flatMap(({ seq = 0 }) => (seq > 0 ? [seq] : []));
  }
}

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);
