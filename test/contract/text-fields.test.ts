import assert from "node:assert/strict";
import { test } from "node:test";
import { Line, SaidLine, Title } from "#kernel/fields";

test("titles and names lose characters that turn the direction of text, and keep marks of their script", () => {
  const turned = "\u202egpj.\u2066exe\u2069\u202c";
  for (const field of [Title(20), SaidLine(20), Line(20)]) {
    assert.equal(field.parse(turned), "gpj.exe");
    assert.equal(field.parse("\u05d0\u200f!"), "\u05d0\u200f!");
  }
  assert.equal(Title(7).parse(turned), "gpj.exe");
  for (const field of [Title(20), SaidLine(20)]) assert.equal(field.safeParse("\u202e").success, false);
});
