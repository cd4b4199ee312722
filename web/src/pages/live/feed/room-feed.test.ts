import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { LiveMessage } from "#base/api/types.ts";
import { readBatch } from "./frames.ts";
import { linesMax } from "./lines.ts";
import { emptyFeed, type RoomFeed, withBatch, withSaid, withSnapshot } from "./room-feed.ts";

const me = 7;
const at = "2026-11-27T10:00:00.000Z";

interface Sent {
  readonly type: string;
  readonly seq?: number;
  readonly user_id?: number;
  readonly payload?: object;
}
const batchOf = (...frames: Sent[]) =>
  readBatch(
    JSON.stringify({
      batch: frames.map((frame) => ({ room_id: 1, user_id: 5, username: "ada", payload: {}, timestamp: at, ...frame })),
      seq: Math.max(0, ...frames.map(({ seq = 0 }) => seq)),
    }),
  );
const take = (feed: RoomFeed, ...frames: Sent[]) => withBatch(feed, batchOf(...frames), me);
const chat = (seq: number, message = `message ${seq}`): Sent => ({ type: "chat", seq, payload: { message } });
const gift = (seq: number, quantity: number, combo_count: number, user_id: number | null = 5): Sent => ({
  type: "gift",
  seq,
  user_id: user_id ?? 0,
  payload: { id: seq, gift_id: 3, gift_icon: "🏮", quantity, combo_count, username: "ada" },
});
const seqs = ({ lines }: RoomFeed) => lines.map(({ seq }) => seq);

const messageOf = (seq: number): LiveMessage => ({
  seq,
  type: "chat",
  user_id: 5,
  username: "ada",
  nickname: "",
  avatar: "",
  badge: "",
  fan_level: 0,
  content: `message ${seq}`,
  detail: "",
  created_at: at,
});
const settings = {
  is_open: true,
  slow_mode: 0,
  followers_only: false,
  hold_links: true,
  keywords: [],
  may_moderate: false,
};

describe("the messages of a room", () => {
  it("show the words of a gift that were allowed later, and none that were deleted; the gift stays", () => {
    const textOf = ({ lines }: RoomFeed) => lines.map(({ text }) => text);
    const words = (message: string): Sent => ({ type: "gift_text", seq: 9, payload: { id: 3, seq: 3, message } });
    const given = take(emptyFeed, gift(3, 1, 1), chat(4));
    const allowed = take(given, words("encore"));
    assert.deepEqual(
      [textOf(given), textOf(allowed)],
      [
        ["", "message 4"],
        ["encore", "message 4"],
      ],
    );
    assert.deepEqual(textOf(take(allowed, words(""))), ["", "message 4"]);
  });

  it("are in the order of the sequence, each of them once, in whatever order they come", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 })), (numbers) => {
        const feed = numbers.reduce((before, seq) => take(before, chat(seq)), emptyFeed);
        assert.deepEqual(
          seqs(feed),
          [...new Set(numbers)].toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it("are the newest ones where there are many", () => {
    const feed = Array.from({ length: linesMax + 20 }, (_, n) => n + 1).reduce(
      (before, seq) => take(before, chat(seq)),
      emptyFeed,
    );
    assert.equal(feed.lines.length, linesMax);
    assert.equal(feed.lines[0]?.seq, 21);
  });

  it("resume after what was received, not after a message of one's own that came as an answer", () => {
    const feed = withSaid(take(emptyFeed, chat(4)), messageOf(9));
    assert.deepEqual([seqs(feed), feed.seq], [[4, 9], 4]);
    assert.deepEqual(seqs(take(feed, chat(9), chat(10))), [4, 9, 10]);
  });

  it("leave the list and the place above it when they are deleted", () => {
    const pinned = take(take(emptyFeed, chat(1), chat(2)), { type: "pin", seq: 3, payload: { seq: 2 } });
    assert.equal(pinned.pinned?.text, "message 2");
    const feed = take(pinned, { type: "deleted", seq: 4, payload: { seq: 2 } });
    assert.deepEqual([seqs(feed), feed.pinned, feed.seq], [[1], null, 4]);
  });

  it("are pinned with their own words where the list does not have them, and unpinned", () => {
    const pin = { type: "pin", seq: 3, payload: { seq: 1, username: "ada", message: "hello", badge: "host" } };
    const feed = take(emptyFeed, pin);
    assert.deepEqual([feed.pinned?.text, feed.pinned?.badge, feed.pinned?.username], ["hello", "host", "ada"]);
    assert.equal(take(feed, { type: "unpin", seq: 4 }).pinned, null);
  });

  it("are read anew after a gap, and the snapshot takes the place of all of them", () => {
    const stale = take(take(emptyFeed, chat(1)), { type: "gap", payload: { seq: 900 } }, chat(901));
    assert.deepEqual([stale.isStale, stale.seq], [true, 1]);
    const feed = withSnapshot(stale, { messages: [messageOf(901), messageOf(899)], pinned: messageOf(899), settings });
    assert.deepEqual([seqs(feed), feed.seq, feed.isStale, feed.pinned?.seq], [[899, 901], 901, false, 899]);
  });

  it("merge the gifts of one combo into the last one", () => {
    const feed = take(emptyFeed, gift(1, 1, 1), chat(2), gift(3, 1, 2), gift(4, 10, 12));
    assert.deepEqual(
      feed.lines.map((line) => (line.kind === "gift" ? line.comboCount : line.text)),
      ["message 2", 12],
    );
    // Another combo of the same viewer, and those of viewers without a name, stay apart.
    assert.equal(take(feed, gift(5, 1, 1)).lines.length, 3);
    assert.equal(take(emptyFeed, gift(1, 1, 1, null), gift(2, 1, 2, null)).lines.length, 2);
  });
});

describe("what a viewer may do in a room", () => {
  it("changes with a mute, a ban and their ends, where they are the viewer's", () => {
    const mute = { type: "restricted", seq: 1, payload: { user_id: me, kind: "mute", until: 5_000 } };
    const muted = take(emptyFeed, mute);
    assert.equal(muted.mutedUntilMs, 5_000);
    assert.equal(take(muted, { type: "released", seq: 2, payload: { user_id: me, kind: "mute" } }).mutedUntilMs, 0);
    const banned = take(emptyFeed, { type: "restricted", seq: 1, payload: { user_id: me, kind: "ban", until: null } });
    assert.equal(banned.isBanned, true);
    const other = take(emptyFeed, { ...mute, payload: { ...mute.payload, user_id: me + 1 } });
    assert.deepEqual([other.mutedUntilMs, other.isBanned], [0, false]);
  });

  it("has no end where a mute has none", () => {
    const feed = take(emptyFeed, { type: "restricted", payload: { user_id: me, kind: "mute", until: null } });
    assert.equal(feed.mutedUntilMs, Number.POSITIVE_INFINITY);
  });

  it("follows the rules of the chat, and not other changes of the room", () => {
    const chatRules = { is_open: true, slow_mode: 5, followers_only: true, hold_links: false };
    const feed = take(emptyFeed, { type: "room", seq: 1, payload: { chat: chatRules } });
    const rules = { isOpen: true, slowModeS: 5, followersOnly: true, holdLinks: false };
    assert.deepEqual(feed.rules, rules);
    assert.deepEqual(take(feed, { type: "room", seq: 2, payload: { status: "paused" } }).rules, rules);
  });

  it("includes moderation from when the host says so", () => {
    const payload = { user_id: me, is_moderator: true };
    assert.equal(take(emptyFeed, { type: "moderator", seq: 1, payload }).mayModerate, true);
  });
});

describe("a frame of a room", () => {
  it("is left out where it is none", () => {
    for (const text of ["", "null", "[]", "{}", `{"batch":[1,null,{"type":3}],"seq":"x"}`])
      assert.deepEqual(readBatch(text), { frames: [], seq: 0 });
  });

  it("moves the place in the sequence by its batch, also where the newest messages were deleted", () => {
    assert.equal(withBatch(emptyFeed, readBatch(`{"batch":[],"seq":12}`), me).seq, 12);
  });

  it("counts likes, viewers and held messages", () => {
    const feed = take(
      emptyFeed,
      { type: "like", payload: { count: 2, total: 40 } },
      { type: "online", payload: { count: 9 } },
      { type: "held", payload: { id: 4 } },
      { type: "held", payload: { message: "one's own" } },
    );
    assert.deepEqual([feed.likeCount, feed.onlineCount, feed.heldCount], [40, 9, 1]);
  });
});
