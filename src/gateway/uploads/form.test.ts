import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameOf } from "./form.ts";

test("the name of a file in a form has the quotes and line breaks that browsers encode, and no other codes", () => {
  assert.equal(fileNameOf("a %22b%22%0d%0A.txt"), 'a "b"\r\n.txt');
  assert.equal(fileNameOf("100%25 %2Fetc %zz.txt"), "100%25 %2Fetc %zz.txt");
});
