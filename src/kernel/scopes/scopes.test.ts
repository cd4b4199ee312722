import assert from "node:assert/strict";
import { it } from "node:test";
import { permits, scopeOf, scopes, scopesOf } from "./scopes.ts";

it("a scope permits itself, and the read scope of its name where it writes", () => {
  for (const scope of scopes) assert.ok(permits(scope, [scope]));
  assert.ok(permits("videos:read", ["videos:write"]));
  assert.ok(!permits("videos:write", ["videos:read"]));
  assert.ok(!permits("drive:read", ["videos:write"]));
  assert.ok(permits(["videos:write", "drive:write"], ["drive:write"]));
});

it("a route without a declared scope refuses every token, and one for any token none", () => {
  for (const scope of scopes) {
    assert.ok(!permits(undefined, [scope]) && !permits("none", [scope]));
    assert.ok(permits("any", [scope]));
  }
  assert.deepEqual([scopesOf("none"), scopesOf("any"), scopesOf(undefined)], [[], [], []]);
});

it("a role's route has the scope of the role, and no token changes the installation", () => {
  const contract = { scopes: { query: "videos:read", command: "videos:write" } } as const;
  assert.equal(scopeOf(contract, { auth: "user", kind: "command" }), "videos:write");
  assert.equal(scopeOf(contract, { auth: "moderator", kind: "command" }), "moderate");
  assert.equal(scopeOf(contract, { auth: "admin", kind: "query" }), "admin:read");
  assert.equal(scopeOf(contract, { auth: "admin", kind: "command" }), "none");
  assert.equal(scopeOf(contract, { auth: "admin", kind: "command", scope: "moderate" }), "moderate");
  assert.equal(scopeOf({}, { auth: "user", kind: "query" }), undefined);
});
