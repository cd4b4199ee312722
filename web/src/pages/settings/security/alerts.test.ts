import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OpenSession } from "#base/api/types.ts";
import { maskAddress, sessionOfAlert } from "./alerts.ts";

describe("the alerts of an account", () => {
  it("lead to the open session that they are about, and never to one's own", () => {
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
    assert.equal(sessionOfAlert({ session_id: "second" }, [{ ...session, id: "first" }, session]), "second");
    assert.equal(sessionOfAlert({ session_id: "second" }, [{ ...session, is_current: true }]), undefined);
    assert.equal(sessionOfAlert({ session_id: "third" }, [session]), undefined);
    assert.equal(sessionOfAlert({ session_id: null }, [session]), undefined);
  });

  it("name the address that they are mailed to by its first letter and its domain", () => {
    assert.equal(maskAddress("mira@post.example"), "m•••@post.example");
    assert.equal(maskAddress(""), "•••");
  });
});
