import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isHeld, ownScopes, scopeChoices } from "./token-scopes.ts";

describe("the scopes of an access token", () => {
  it("are offered as far as the role of its owner goes", () => {
    const offered = (role: "user" | "moderator" | "admin") => scopeChoices(role).flatMap(({ scopes }) => scopes);
    assert.equal(offered("admin").length, 17);
    assert.deepEqual(
      offered("admin").filter((scope) => !offered("moderator").includes(scope)),
      ["admin:read"],
    );
    assert.deepEqual(
      offered("moderator").filter((scope) => !offered("user").includes(scope)),
      ["moderate"],
    );
  });

  it("hold the read scope in the write scope", () => {
    assert.equal(isHeld("videos:read", ["videos:write"]), true);
    assert.equal(isHeld("videos:read", ["drive:write"]), false);
    assert.equal(isHeld("videos:write", ["videos:read"]), false);
    assert.deepEqual(ownScopes(["videos:read", "videos:write", "drive:read"]), ["videos:write", "drive:read"]);
  });
});
