import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LiveGuest } from "#base/api/types.ts";
import { guestsOnAir, mayInvite, ownGuest, suggestGuests } from "./guest-state.ts";

const guest = (userId: number, status: LiveGuest["status"]): LiveGuest => ({
  live_id: 100 + userId,
  user_id: userId,
  status,
  invited_at: "2026-01-01T00:00:00.000Z",
  user: { id: userId, username: `u${userId}`, nickname: "", avatar: "", is_followed: false },
});
const room = (...guests: LiveGuest[]) => ({ guests, is_mine: true, owner_id: 1, status: "live" as const });

describe("guests of a room", () => {
  it("are shown once they send, also while they are lost for a moment", () => {
    const guests = [guest(2, "invited"), guest(3, "live"), guest(4, "paused")];
    assert.deepEqual(guestsOnAir(room(...guests)), guests.slice(1));
  });

  it("include the viewer where they are invited", () => {
    assert.equal(ownGuest(room(guest(2, "invited")), 2)?.live_id, 102);
    assert.equal(ownGuest(room(guest(2, "live")), 3), undefined);
    assert.equal(ownGuest(room(guest(2, "live")), undefined), undefined);
  });

  it("are invited by the owner of a room that is live: not the owner, nor one twice, nor more than three", () => {
    assert.equal(mayInvite(room(), 2), true);
    assert.equal(mayInvite(room(), 1), false);
    assert.equal(mayInvite(room(), 0), false);
    assert.equal(mayInvite({ ...room(), is_mine: false }, 2), false);
    assert.equal(mayInvite({ ...room(), status: "ended" }, 2), false);
    assert.equal(mayInvite(room(guest(2, "invited")), 2), false);
    assert.equal(mayInvite(room(guest(3, "live"), guest(4, "live"), guest(5, "invited")), 2), false);
  });

  it("are suggested from the chat, the latest first and each once", () => {
    const lines = [2, 3, 1, 2, 0, 4].map((userId) => ({ userId, username: userId === 0 ? "" : `u${userId}` }));
    assert.deepEqual(
      suggestGuests(room(guest(4, "live")), lines).map(({ userId }) => userId),
      [2, 3],
    );
  });
});
