import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixedKey } from "#kernel";
import fc from "fast-check";
import { isUnlockedBy, type Unlock, writeUnlock } from "./unlock-token.ts";

describe("an unlock token", () => {
  const key = fixedKey("k".repeat(43));
  const endsAtMs = 1_900_000_000_000;
  const unlock: Unlock = { id: 7, viewerId: 5, passwordHash: "$argon2id$one" };
  const token = writeUnlock(key, unlock, endsAtMs);

  it("unlocks one thing for one viewer until it expires or the password changes", () => {
    assert.ok(isUnlockedBy(key, token, unlock, endsAtMs - 1));
    for (const other of [{ id: 8 }, { viewerId: 6 }, { viewerId: 0 }, { passwordHash: "$argon2id$two" }])
      assert.ok(!isUnlockedBy(key, token, { ...unlock, ...other }, 0), JSON.stringify(other));
    assert.ok(!isUnlockedBy(key, token, unlock, endsAtMs));
    assert.ok(!isUnlockedBy(fixedKey("l".repeat(43)), token, unlock, 0));
  });

  it("unlocks it for any viewer when it was issued to an anonymous one", () => {
    const anybodys = writeUnlock(key, { ...unlock, viewerId: 0 }, endsAtMs);
    for (const viewerId of [0, 5, 6]) assert.ok(isUnlockedBy(key, anybodys, { ...unlock, viewerId }, 0));
  });

  it("is invalid with any changed character", () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom("0", "a", "Z", "-", "_", "."), (place, letter) => {
        fc.pre(token[place] !== letter);
        assert.ok(!isUnlockedBy(key, token.slice(0, place) + letter + token.slice(place + 1), unlock, 0));
      }),
    );
  });
});
