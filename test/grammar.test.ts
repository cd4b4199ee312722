import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { grammarFaults } from "./grammar.ts";

const refused = [
  { word: "told", instead: "published" },
  { word: "watched words", instead: "blocklist terms" },
];
const faultsOf = (source: string, path = "src/a.ts"): string[] => grammarFaults(path, source, refused);

describe("the grammar of comments", () => {
  it("has the subject first in each sentence", () => {
    for (const opening of ["Who", "Whom", "Whose", "What", "Where", "Whether", "Which", "Of", "That"])
      assert.deepEqual(faultsOf(`/** A rule. ${opening} it is about. */`), [
        `src/a.ts:1: a sentence begins with its subject: "${opening} it is about."`,
      ]);
    assert.equal(faultsOf("/* A list:\n * - Which it is. */").length, 1, "in a list");
    assert.deepEqual(faultsOf("// Whatever they send, the offer and thatch."), []);
    assert.deepEqual(faultsOf("// A line that goes on\n// that way, for `x. What it is`."), []);
    assert.deepEqual(faultsOf("f(); // A remark\n// What it is\ng();").length, 1, "a comment after another one's code");
    assert.deepEqual(faultsOf("/*\n * A command:\n *\n *   npm test: What is there\n */"), [], "an indented example");
    assert.deepEqual(faultsOf('const text = "// What is it";'), []);
  });

  it("has at most 25 words a sentence, over all lines of a comment", () => {
    const words = (count: number) => Array.from({ length: count }, () => "word").join(" ");
    assert.deepEqual(faultsOf(`// ${words(25)}. ${words(25)}`), []);
    for (const comment of [`/**\n * ${words(13)}\n * ${words(13)} */`, `// ${words(13)}\n// ${words(13)}`])
      assert.match(faultsOf(comment).join("\n"), /^src\/a\.ts:1: a sentence has at most 25 words, this one 26: /);
  });

  it("is checked in tests also, and not in directives for tools", () => {
    assert.equal(faultsOf("// What it is.", "src/a.test.ts").length, 1);
    assert.deepEqual(faultsOf("// biome-ignore lint/a/b: Which one it is."), []);
  });
});

describe("the grammar of names", () => {
  it("has no pronoun or participle as a variable, parameter or function", () => {
    for (const name of ["own", "others", "left", "known", "found", "asked", "taken", "rest", "one"])
      for (const source of [
        `const ${name} = 1;`,
        `const { a: ${name} } = b;`,
        `const [, ...${name}] = b;`,
        `function f(...${name}) {}`,
        `rows.map((${name}) => 1);`,
        `rows.map(function ({ a: { ${name} = 1 } }) {});`,
        `try {} catch (${name}) {}`,
        `class A { #${name} = 1; }`,
        `function ${name}() {}`,
      ])
        assert.deepEqual(
          faultsOf(source),
          [`src/a.ts:1: the name "${name}" names nothing: take a noun for the rows, value or account`],
          source,
        );
    assert.deepEqual(faultsOf("const ownVideos = row.left + { one: 1 }.one;"), []);
  });

  it("has no participle as the whole name of a function or method", () => {
    for (const source of [
      "function counted() {}",
      "const shown = () => 1;",
      "class A { counted() {} }",
      "class A { #shown = () => 1; }",
      "interface A { counted(): void }",
      "const a = { shown() {} };",
    ])
      assert.match(
        faultsOf(source).join("\n"),
        /^src\/a\.ts:1: the function "(?:counted|shown)" is named by a participle alone: take a verb and its object$/,
        source,
      );
    assert.deepEqual(
      faultsOf(
        "function countedRows() {}\nconst counted = 1;\nclass A { get dropped() {} }\nfunction embed() {}\nfunction seed() {}",
      ),
      [],
    );
  });

  it("is free in tests and their fixtures, except for refused words", () => {
    for (const path of [
      "src/a.test.ts",
      "web/src/a.test.tsx",
      "src/testing.ts",
      "src/server-testing.ts",
      "src/conformance.ts",
      "test/a.ts",
    ]) {
      assert.deepEqual(faultsOf("const left = 1;\nfunction counted() {}", path), []);
      assert.equal(faultsOf("const toldIds = [];", path).length, 1);
    }
  });

  it("has no refused word of the glossary as a part, each reported with its replacement", () => {
    assert.deepEqual(faultsOf("let wasTold = 1;\nfunction readWatchedWords() {}\nconst goneIds = [];"), [
      'src/a.ts:1: "told" in the name "wasTold" is refused: published',
      'src/a.ts:2: "watched words" in the name "readWatchedWords" is refused: blocklist terms',
      'src/a.ts:3: "gone" in the name "goneIds" is refused: deleted, closed, expired or absent',
    ]);
    assert.deepEqual(faultsOf("function noteCounts() {}\nfunction note() {}"), [
      'src/a.ts:1: "note" in the name "noteCounts" is refused: record, store',
      'src/a.ts:2: "note" in the name "note" is refused: record, store',
    ]);
    assert.deepEqual(faultsOf("const noteMax = 1;\nfunction notesOf() {}\nconst epigone = 1;"), []);
  });
});
