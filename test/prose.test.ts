import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { proseOf, refusedIn, refusedWords } from "./prose.ts";

describe("the prose of a file", () => {
  it("is its name, its comments and its test titles, each with its line", () => {
    const source = [
      "/** One, `code` apart. */",
      "const address = 'https://example.org'; // two",
      "/*",
      " * Three.",
      " */",
      "it(",
      "  `four, ${address} apart`,",
      "  () => assert.ok(true),",
      ");",
    ].join("\n");
    assert.deepEqual(
      proseOf("src/a-file.test.ts", source).map(({ line, text }) => `${line} ${text.trim()}`),
      ["1 a file test ts", "1 One, … apart.", "2 two", "4 Three.", "7 four, … apart"],
    );
  });

  it("is each line of a document outside of its code blocks", () => {
    const document = "One.\n```\ntwo\n```\n`three` and four.";
    assert.deepEqual(
      proseOf("docs/page.md", document).flatMap(({ line, text }) => (text.trim() === "" ? [] : `${line} ${text}`)),
      ["1 page md", "1 One.", "5 … and four."],
    );
  });

  it("is searched for refused words as whole words, each reported with its replacement", () => {
    const words = refusedWords("# Glossary\n\n## Refused words\n\n| not | but |\n|---|---|\n| cat, hot dog | pet |\n");
    assert.deepEqual(
      refusedIn("src/pets.ts", "// A Cat and a hot dog.\n// A category, a tom-cat and a catalogue.", words),
      ['src/pets.ts:1: "cat" → pet', 'src/pets.ts:1: "hot dog" → pet'],
    );
    assert.deepEqual(refusedIn("src/hot-dog.ts", "", words), ['src/hot-dog.ts:1: "hot dog" → pet']);
  });
});
