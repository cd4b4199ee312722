import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Action, type Actor, can, type Resource } from "./can.ts";

const owner = 1;
const actors: Readonly<Record<string, { readonly actor: Actor; readonly facts?: Partial<Resource> }>> = {
  anonymous: { actor: {} },
  other: { actor: { userId: 2, role: "user" } },
  follower: { actor: { userId: 2, role: "user" }, facts: { isFollower: true } },
  unlocked: { actor: {}, facts: { isUnlocked: true } },
  admitted: { actor: { userId: 2, role: "user" }, facts: { gate: "open" } },
  refused: { actor: { userId: 2, role: "user" }, facts: { gate: "closed", isFollower: true, isUnlocked: true } },
  /** A fact about the gate cannot be asked. */
  unsure: { actor: { userId: 2, role: "user" }, facts: { gate: "unknown" } },
  moderator: { actor: { userId: 3, role: "moderator" } },
  admin: { actor: { userId: 4, role: "admin" } },
  /** A role without a user id gives no rights. */
  nameless: { actor: { role: "admin" } },
  owner: { actor: { userId: owner, role: "user" } },
  /** Owners cannot moderate their own resources. */
  "owner of office": { actor: { userId: owner, role: "admin" } },
};
const all = Object.keys(actors);
/** The actors that see it, besides its owner. */
const seers: Readonly<Record<Resource["visibility"], readonly string[]>> = {
  public: all,
  unlisted: all,
  followers: ["follower", "refused", "moderator", "admin"],
  password: ["unlocked", "refused", "moderator", "admin"],
  gated: ["admitted", "moderator", "admin"],
  private: [],
};

describe("an access check", () => {
  it("follows the table for every actor, action, visibility and state", () => {
    let cells = 0;
    for (const [name, { actor, facts }] of Object.entries(actors))
      for (const [visibility, allowed] of Object.entries(seers) as [Resource["visibility"], readonly string[]][])
        for (const isPublished of [true, false])
          for (const isBlocked of [true, false])
            for (const action of ["see", "meet", "change", "delete", "moderate"] as Action[]) {
              const isSeen = isPublished && allowed.includes(name);
              const expected =
                action === "moderate"
                  ? isSeen && ["moderator", "admin"].includes(name)
                  : name.startsWith("owner") ||
                    (action === "see" && isSeen) ||
                    (action === "meet" && isSeen && !isBlocked);
              const resource = { ownerId: owner, visibility, isPublished, isBlocked, ...facts };
              assert.equal(
                can(actor, action, resource),
                expected,
                `${name} ${action} ${visibility} ${isPublished} ${isBlocked}`,
              );
              cells += 1;
            }
    assert.equal(cells, 12 * 6 * 2 * 2 * 5);
  });
});
