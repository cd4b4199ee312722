import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ArchiveNames, legalName } from "./archive-names.ts";

describe("the names in an archive", () => {
  it("stay where they are legal everywhere", () => {
    const names = new ArchiveNames();
    for (const path of ["a.txt", "Sea/light.mp4", "Sea/.hidden", "文/字 (2).txt", "Sea/conference.txt", "é"])
      assert.equal(names.pathOf(path), path);
  });

  it("are changed where a system refuses them", () => {
    for (const [name, legal] of [
      ['a<b>c:d"e\\f|g?h*.txt', "a_b_c_d_e_f_g_h_.txt"],
      ["CON", "_CON"],
      ["nul.txt", "_nul.txt"],
      ["COM1 .log", "_COM1 .log"],
      ["lpt².pdf", "_lpt².pdf"],
      ["end. .", "end___"],
      ["..", "__"],
      ["", "_"],
      ["e\u0301.txt", "é.txt"],
      ["a\u202etxt.exe", "a_txt.exe"],
      ["\ud800.txt", "\ufffd.txt"],
    ] as const)
      assert.equal(legalName(name), legal);
    const long = legalName(`${"文".repeat(85)}.txt`);
    assert.equal(long, `${"文".repeat(83)}.txt`);
    assert.equal(legalName(`${"🙊".repeat(70)}.txt`), `${"🙊".repeat(62)}.txt`);
    assert.equal(legalName("👩‍👩‍👧".repeat(20)), "👩‍👩‍👧".repeat(14));
  });

  it("are one for each entry, whatever the case, and a folder's the same for all that lies in it", () => {
    const names = new ArchiveNames();
    const paths = ["Sea/a.txt", "sea/a.txt", "Sea/A.txt", "Sea/a?.txt", "Sea/a_.txt", "Sea"];
    assert.deepEqual(
      paths.map((path) => names.pathOf(path)),
      ["Sea/a.txt", "sea (2)/a.txt", "Sea/A (2).txt", "Sea/a_.txt", "Sea/a_ (2).txt", "Sea"],
    );
    const [one, two] = [`${"文".repeat(85)}.txt`, `${"文".repeat(86)}.txt`].map((path) => names.pathOf(path));
    assert.equal(two, `${"文".repeat(82)} (2).txt`);
    assert.notEqual(one, two);
  });

  it("are legal and different for any paths", () => {
    const part = fc.oneof(
      fc.constantFrom("CON", "con", "a.", "a ", "a", "A", "..", "é", "e\u0301", "ß", "ss", "x?", "x*", "文".repeat(90)),
      fc.string({ unit: "binary", minLength: 1, maxLength: 300 }).filter((text) => !text.includes("/")),
    );
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), (paths) => {
        const names = new ArchiveNames();
        const written = paths.map((one) => names.pathOf(one));
        assert.equal(new Set(written.map((one) => one.toLowerCase().toUpperCase())).size, written.length);
        for (const name of written.flatMap((one) => one.split("/"))) {
          assert.ok(name !== "" && Buffer.byteLength(name) <= 255 && name.length <= 255, name);
          assert.doesNotMatch(name, /[<>:"\\|?*\p{Cc}]|[. ]$/u);
          assert.doesNotMatch(name, /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
        }
      }),
    );
  });
});
