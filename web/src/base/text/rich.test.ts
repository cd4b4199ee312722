import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { piecesOf } from "./rich.ts";

const linksOf = (text: string) =>
  piecesOf(text).flatMap((piece) => (piece.kind === "text" ? [] : [`${piece.kind}:${piece.name}`]));

describe("a user's text", () => {
  it("links hashtags and mentions, but no similar text such as email addresses and URL fragments", () => {
    assert.deepEqual(linksOf("#Sea, by @mira. 今天#日落#真好 #a#b (@noor)"), [
      "tag:Sea",
      "user:mira",
      "tag:日落",
      "tag:a",
      "tag:b",
      "user:noor",
    ]);
    assert.deepEqual(linksOf("me@example.com c#sharp https://x.example/#top &#39; #1 @me # @"), []);
    assert.deepEqual(linksOf("＃Ｆｕｌｌ"), ["tag:Full"]);
    assert.deepEqual(linksOf("谢谢@alice 🎉@noor ❤️@carl ＠emil x/@path"), [
      "user:alice",
      "user:noor",
      "user:carl",
      "user:emil",
    ]);
  });

  it("keeps every character in its place, without empty pieces", () => {
    const odd = fc.string({ unit: fc.constantFrom(...Array.from("#＃@ab海_.- \n<>&")), maxLength: 60 });
    fc.assert(
      fc.property(odd, (text) => {
        const pieces = piecesOf(text);
        assert.equal(pieces.map((piece) => piece.text).join(""), text);
        for (const piece of pieces) assert.notEqual(piece.text, "");
      }),
    );
  });

  it("is parsed in less than 250 ms of CPU time for 50,000 characters of repeated markers", () => {
    for (const unit of ["#", "@", "#a", "@a.", "a#", "#海"]) {
      const before = process.cpuUsage();
      piecesOf(unit.repeat(50_000 / unit.length));
      const { user, system } = process.cpuUsage(before);
      assert.ok((user + system) / 1_000 < 250, unit);
    }
  });
});
