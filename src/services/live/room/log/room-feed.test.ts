import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import type { Fanout } from "#kernel";
import { LocalFanout } from "#kernel/fanout/local";
import { silentLog } from "#kernel/log/port";
import type { Tables } from "../../store.ts";
import { LiveFixture } from "../../testing.ts";
import { RoomFeeds } from "./room-feed.ts";
import { RoomLog } from "./room-log.ts";

describe("the messages of a room that two processes write", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("come to every follower once and in order, whatever batches are lost and wherever it resumes", async () => {
    const losses = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 6 });
    await fc.assert(fc.asyncProperty(losses, cuts, follows), { numRuns: 12 });
  });

  it("are numbered without a gap, and wait for nobody's subscription", async () => {
    // Not started: the start is a message of its own, which comes whenever it does.
    const { id } = await fixture.room();
    const [left, right] = [logOf(new LocalFanout()), logOf(new LocalFanout())];
    const seqs = await Promise.all(
      Array.from({ length: 40 }, (_, n) => say(n % 2 === 0 ? left : right, id, String(n))),
    );
    const sorted = seqs.toSorted((a, b) => a - b);
    assert.deepEqual(
      sorted,
      sorted.map((_, n) => (sorted[0] ?? 0) + n),
    );
  });
});

const fixture = new LiveFixture({ tickMs: 1 });
const textCount = 30;

async function follows(losses: readonly boolean[], cuts: readonly number[]): Promise<void> {
  const { id } = await fixture.liveRoom();
  const shared = new LocalFanout();
  let sent = 0;
  const lossy: Fanout = {
    publish(topic, bytes) {
      if (losses[sent++ % losses.length] !== true) shared.publish(topic, bytes);
    },
    subscribe: (topic, handler) => shared.subscribe(topic, handler),
  };
  const db = fixture.host.database<Tables>("live");
  const feeds = [lossy, lossy].map((fanout) => new RoomFeeds({ db, fanout, log: silentLog }));
  const texts: string[] = [];
  const reading = (async () => {
    let last = 0;
    for (let turn = 0; texts.length < textCount; turn++) {
      const end = new AbortController();
      let batches = 0;
      // Each time through the other process, after the last number that came.
      for await (const { from, seq, lines } of feeds[turn % 2]?.follow(id, last, end.signal) ?? []) {
        assert.ok(from <= last && seq >= last, `a gap from ${last} to ${from}`);
        for (const line of lines.filter(({ kind }) => kind === "chat")) texts.push(line.payload);
        last = seq;
        batches += 1;
        if (texts.length >= textCount || batches === cuts[turn % Math.max(1, cuts.length)]) break;
      }
      end.abort();
    }
  })();
  const logs = [logOf(lossy), logOf(lossy)];
  for (let n = 0; n < textCount; n++) await say(logs[n % 2] ?? logOf(lossy), id, String(n));
  await reading;
  for (const one of feeds) one.stop();
  assert.deepEqual(
    texts,
    Array.from({ length: textCount }, (_, n) => String(n)),
  );
}

const logOf = (fanout: Fanout): RoomLog =>
  new RoomLog({
    db: fixture.host.database<Tables>("live"),
    now: Date.now,
    log: silentLog,
    tickMs: 1,
    publish: (topic, bytes) => fanout.publish(topic, bytes),
  });
const say = (log: RoomLog, id: number, text: string): Promise<number> =>
  log.append(id, { kind: "chat", class: "chat", userId: 2, username: "guest", payload: text });
