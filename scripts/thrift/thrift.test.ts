import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { before, describe, it } from "node:test";
import lock from "../../api/contracts.lock.json" with { type: "json" };
import { reservedWords } from "./reserved-words.ts";

const folder = join(import.meta.dirname, "../../api/thrift");

/** The compiler itself reads these files in `test/contract/thrift.adapter.test.ts`. */
describe("the Thrift files", () => {
  before(async () => {
    for await (const name of glob("*.thrift", { cwd: folder }))
      files.set(basename(name), await readFile(join(folder, name), "utf8"));
  });

  it("have a file for each contract, with each of its methods that is no stream", () => {
    assert.equal(files.size, Object.keys(lock).length + 1);
    const namespaces = new Map(
      [...files].map(([name, text]) => [/^namespace \* (\S+)$/m.exec(text)?.[1] ?? "", { name, text }]),
    );
    const functions = [...files.values()].flatMap((text) => [
      ...text.matchAll(/throws \(1: failure\.Failure failure\)$/gm),
    ]);
    const unary = Object.values(lock).flatMap(({ methods }) =>
      Object.values(methods).filter((kind) => kind === "unary"),
    );
    assert.equal(functions.length, unary.length);
    assert.match(namespaces.get("kinora.video.v1")?.text ?? "", /^ {2}GetResponse Get\(1: GetRequest request\)/m);
  });

  it("declare each type once and before its use, each number once, and no reserved word as a name", () => {
    let fieldCount = 0;
    for (const [name, text] of files) {
      const declared = new Set<string>();
      for (const [block, type = "", body = ""] of text.matchAll(/^(?:struct|union|exception) (\w+) \{\n([^}]*)\}$/gm)) {
        assert.ok(!declared.has(type), `${name} has ${type} twice`);
        const numbers = new Set<string>();
        for (const line of body.split("\n").filter((part) => part !== "")) {
          const [, number = "", of = "", field = ""] =
            /^ {2}(\d+): (?:optional )?(?:list<)?(\w+)>? (\w+)$/.exec(line) ?? assert.fail(`${name}: ${line}`);
          fieldCount += 1;
          assert.ok(!numbers.has(number), `${name}: ${block}`);
          assert.ok(scalars.has(of) || declared.has(of), `${name}: ${of} is not declared before ${type}`);
          assert.ok(!reservedWords.has(field), `${name}: ${field}`);
          numbers.add(number);
        }
        declared.add(type);
      }
      for (const [, output = "", input = ""] of text.matchAll(/^ {2}(\w+) \w+\(1: (\w+) request\)/gm))
        assert.ok(declared.has(output) && declared.has(input), `${name}: ${output}, ${input}`);
    }
    assert.ok(fieldCount > 1_000, String(fieldCount));
  });
});

const files = new Map<string, string>();
const scalars: ReadonlySet<string> = new Set(["double", "i64", "bool", "string", "binary"]);
