import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { initialsOf } from "#policy/initials";
import { initialsIcon } from "./initials.ts";

describe("the initials of a name", () => {
  it("are those of its first two words, in any script", () => {
    const expected = {
      "Night Owls": "NO",
      cinema: "C",
      "  a-b c": "AB",
      "映画 館": "映館",
      "😀 film": "😀F",
      "<&>": "<>",
    };
    for (const [name, initials] of Object.entries(expected)) assert.equal(initialsOf(name), initials, name);
  });

  it("are drawn as text that breaks out of nothing", () => {
    const icon = initialsIcon("<script", { accent: "#d9391f", ink: "#ffffff" });
    assert.match(icon, /fill="#d9391f".*fill="#ffffff">&lt;<\/text>/);
  });
});
