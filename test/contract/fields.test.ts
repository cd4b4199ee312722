import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Line, PageAddress, PictureAddress, SaidLine } from "#kernel";

describe("the address of a picture", () => {
  it("is of the web or a path of this instance, and no path that browsers read as another host", () => {
    for (const address of ["", "/a.png", "/api/v1/media/7/picture?x=1", "https://example.org/a@b.png", "http://h/x"])
      assert.ok(PictureAddress.safeParse(address).success, address);
    for (const address of [
      "//evil.example/a.png",
      "/\\evil.example/a.png",
      "\\\\evil.example/a.png",
      "/\t/evil.example/a.png",
      "https:///evil.example/a.png",
      "https:\\\\evil.example/a.png",
      "https://user:password@evil.example/a.png",
      "https://user@evil.example",
      "javascript:alert(1)",
      "a.png",
    ])
      assert.ok(!PictureAddress.safeParse(address).success, address);
  });
});

describe("the address of a linked page", () => {
  it("has no user name, no password and no backslash", () => {
    for (const address of ["https://example.org/@ada", "http://example.org/?q=a@b", "https://example.org"])
      assert.ok(PageAddress(500).safeParse(address).success, address);
    for (const address of [
      "https://user:password@evil.example/",
      "https://user@evil.example/",
      "https:///user@evil.example/",
      "https://bank.example\\@evil.example/",
      "javascript:alert(1)",
    ])
      assert.ok(!PageAddress(500).safeParse(address).success, address);
  });
});

describe("a text of one line", () => {
  it("has neither line breaks nor other control characters", () => {
    for (const text of ["Harbour", "港口 直播", "👩‍👩‍👧 at sea"]) {
      assert.equal(Line(60).parse(` ${text} `), text);
      assert.equal(SaidLine(60).parse(text), text);
    }
    for (const code of [0x00, 0x0a, 0x0d, 0x09, 0x1b, 0x7f, 0x85, 0x2028, 0x2029])
      for (const schema of [Line(60), SaidLine(60)])
        assert.ok(
          !schema.safeParse(`Kinora${String.fromCharCode(code)}Bcc: a@evil.example`).success,
          code.toString(16),
        );
  });
});
