import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GiftLine } from "../feed/lines.ts";
import { type Banner, stillShown, withGift } from "./banners.ts";

const gift = (part: Partial<GiftLine>): GiftLine => ({
  kind: "gift",
  seq: 1,
  atMs: 0,
  userId: 5,
  username: "ada",
  nickname: "",
  avatar: "",
  recordId: 1,
  giftId: 3,
  giftName: "Lantern",
  giftSlug: "lantern",
  icon: "🏮",
  quantity: 1,
  comboCount: 1,
  text: "",
  ...part,
});
const counts = (banners: readonly Banner[]) => banners.map(({ count }) => count);

describe("the gifts over the picture", () => {
  it("merge those of a combo, which stays from its last gift on", () => {
    const first = withGift([], gift({ comboCount: 1 }), 0);
    const second = withGift(first, gift({ comboCount: 11, quantity: 10 }), 3_000);
    assert.deepEqual(counts(second), [11]);
    assert.deepEqual(counts(stillShown(second, 7_400)), [11]);
    assert.deepEqual(counts(stillShown(second, 7_500)), []);
  });

  it("never count back while a combo is shown", () => {
    const banners = withGift(withGift([], gift({ comboCount: 3 }), 0), gift({ comboCount: 2 }), 10);
    assert.deepEqual(counts(banners), [3]);
  });

  it("stay apart for other gifts, other viewers, and viewers without a name", () => {
    const banners = withGift(withGift([], gift({}), 0), gift({ giftId: 4 }), 1);
    assert.equal(withGift(banners, gift({ userId: 6 }), 2).length, 3);
    const nameless = withGift([], gift({ userId: 0, recordId: 1 }), 0);
    assert.equal(withGift(nameless, gift({ userId: 0, recordId: 2 }), 0).length, 2);
  });

  it("are three at most, without the one that was to leave first", () => {
    const users = [1, 2, 3, 4];
    const banners = users.reduce(
      (shown, userId) => withGift(shown, gift({ userId }), userId),
      withGift([], gift({ userId: 1 }), 0),
    );
    assert.deepEqual(
      banners.map(({ gift: { userId } }) => userId),
      [2, 3, 4],
    );
  });
});
