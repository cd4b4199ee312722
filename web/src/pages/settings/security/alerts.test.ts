import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OpenSession } from "#base/api/types.ts";
import { maskAddress, sessionOfAlert } from "./alerts.ts";

describe("the alerts of an account", () => {
  it("lead to the open session of the new device, and to no other", () => {
    const at = "2026-11-14T09:12:00.000Z";
    const session: OpenSession = {
      id: "second",
      origin: "native",
      agent: "Firefox/132.0",
      is_current: false,
      methods: ["password"],
      is_new_device: true,
      created_at: "2026-11-14T09:12:00.400Z",
      used_at: at,
      expires_at: at,
    };
    const alert = { kind: "new_device", agent: session.agent, at } as const;
    assert.equal(sessionOfAlert(alert, [{ ...session, id: "first", is_new_device: false }, session]), "second");
    assert.equal(sessionOfAlert(alert, [{ ...session, is_current: true }]), undefined);
    assert.equal(sessionOfAlert(alert, [{ ...session, agent: "curl/8" }]), undefined);
    assert.equal(sessionOfAlert(alert, [{ ...session, created_at: "2026-11-14T10:12:00.000Z" }]), undefined);
    assert.equal(sessionOfAlert({ ...alert, kind: "token_made" }, [session]), undefined);
  });

  it("name the address that they are mailed to by its first letter and its domain", () => {
    assert.equal(maskAddress("mira@post.example"), "m•••@post.example");
    assert.equal(maskAddress(""), "•••");
  });
});
