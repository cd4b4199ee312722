import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import fc from "fast-check";
import { KinoraError } from "./error.ts";
import { type EventSource as Source, type Reset, updates } from "./events.ts";
import type { Update } from "./generated.ts";
import type { Ask } from "./request.ts";

describe("the stream of updates", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    mock.property(globalThis, "WebSocket", FakeSocket as unknown as typeof WebSocket); // The part that is used.
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  it("yields each update once and in order, whatever sockets repeat and wherever they break", async () => {
    const socket = fc.record({ repeats: fc.nat(3), sends: fc.nat(5), opens: fc.boolean() });
    const lines = fc.array(socket, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.nat(20), lines, fc.array(fc.boolean()), async (last, sockets, refusals) => {
        const server = { last, sockets: [...sockets], refusals: [...refusals] };
        const seqs = (await taken(sourceOf(server), last)).map(({ seq }) => seq);
        assert.deepEqual(
          seqs,
          Array.from({ length: last }, (_, n) => n + 1),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("begins with the next update when it is given no number", async () => {
    const server = { last: 5, sockets: [{ repeats: 2, sends: 0, opens: true }], refusals: [] };
    const end = new AbortController();
    const stream = updates(sourceOf(server), { signal: end.signal });
    const next = ticking(stream.next());
    server.last = 6;
    assert.equal((await next).value?.seq, 6);
    end.abort();
  });

  it("yields a reset when the missed updates are too old, and continues from there", async () => {
    const first = { list: [], seq: 40, reset: true };
    const answers = [first, { list: [updateOf(41)], seq: 41, reset: false }];
    // As `message.updates` answers.
    const ask = (async () => answers.shift() ?? { list: [], seq: 41, reset: false }) as Ask;
    const stream = updates({ ask, socketUrl: () => new URL("ws://server/?sends=0") }, { after: 1 });
    assert.deepEqual((await ticking(stream.next())).value, { type: "reset", seq: 40 });
    assert.equal((await ticking(stream.next())).value?.seq, 41);
    await stream.return();
  });

  it("throws when the session is over", async () => {
    const over = new KinoraError(401, "gateway.sign_in_first", "sign in first");
    const ask: Ask = () => Promise.reject(over);
    await assert.rejects(updates({ ask, socketUrl: () => new URL("ws://server/") }).next(), over);
  });
});

interface Server {
  last: number;
  /** The behaviour of the next sockets; those after them send everything. */
  sockets: { repeats: number; sends: number; opens: boolean }[];
  /** True for each of the next requests that is refused. */
  refusals: boolean[];
}

/** A client of a server whose inbox has the numbers up to `last`. */
function sourceOf(server: Server): Source {
  return {
    ask: (async (_operation, { query = {} }: { query?: { after?: number | null } }) => {
      if (server.refusals.shift() === true) throw new KinoraError(0, "network.unreachable", "");
      const { after } = query;
      // A line of HTTP that knows of half of them only.
      const seq = Math.max(after ?? server.last, Math.floor(server.last / 2));
      return { list: after == null ? [] : between(after, seq), seq, reset: false };
    }) as Ask, // As `message.updates` answers.
    socketUrl(after) {
      const line = server.sockets.shift();
      const { repeats, sends, opens } = line ?? { repeats: 0, sends: server.last, opens: true };
      const from = Math.max(0, after - repeats);
      const to = Math.min(server.last, from + sends);
      return new URL(`ws://server/?from=${from}&to=${to}&opens=${opens}&breaks=${line !== undefined}`);
    },
  };
}

const updateOf = (seq: number): Update => ({ seq, type: "read" }) as Update; // No test looks at the rest.
const between = (after: number, last: number): Update[] =>
  Array.from({ length: Math.max(0, last - after) }, (_, n) => updateOf(after + n + 1));

/** The updates up to one, from the beginning. */
async function taken(source: Source, last: number): Promise<(Update | Reset)[]> {
  const end = new AbortController();
  const stream = updates(source, { after: 0, signal: end.signal });
  const items: (Update | Reset)[] = [];
  const isWhole = () => (items.at(-1)?.seq ?? 0) >= last;
  while (!isWhole()) {
    const { value } = await ticking(stream.next());
    if (value) items.push(value);
  }
  end.abort();
  return items;
}

/** Lets time pass until something settles. */
async function ticking<Result>(work: Promise<Result>): Promise<Result> {
  const clock = setImmediate(function tick() {
    mock.timers.tick(1_000);
    next = setImmediate(tick);
  });
  let next = clock;
  try {
    return await work;
  } finally {
    clearImmediate(next);
  }
}

/** Sends the numbers that its address says, and breaks where it says so. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  readyState = 0;

  constructor(url: URL) {
    super();
    const { from, to, opens, breaks } = Object.fromEntries(url.searchParams);
    queueMicrotask(() => {
      if (opens === "true") {
        this.dispatchEvent(new Event("open"));
        for (const data of between(Number(from ?? 0), Number(to ?? 0)))
          this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ type: "update", data }) }));
      }
      // Some of what was sent is read by then.
      if (breaks !== "false") setImmediate(() => this.close());
    });
  }

  send(): void {}

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }
}
