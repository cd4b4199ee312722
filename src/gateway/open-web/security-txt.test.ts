import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { securityTxt } from "./security-txt.ts";

describe("security.txt", () => {
  const nowMs = Date.UTC(2026, 10, 28, 9);
  const textOf = (contact: string) => securityTxt("https://video.example", contact, nowMs);

  it("names the e-mail address or the page of the instance, and expires within a year (RFC 9116)", () => {
    assert.equal(
      textOf("owl@example.org"),
      "Contact: mailto:owl@example.org\nExpires: 2027-02-26T00:00:00.000Z\nPreferred-Languages: en, zh\nCanonical: https://video.example/.well-known/security.txt\n",
    );
    assert.match(textOf("https://example.org/report") ?? "", /^Contact: https:\/\/example\.org\/report$/m);
  });

  it("does not exist where the contact is no address", () => {
    for (const contact of ["", "ask Mira", "javascript:alert(1)", "http://example.org", "a@b", "a b@example.org"])
      assert.equal(textOf(contact), undefined, contact);
  });
});
