import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readChosen, type Dropped, walk } from "./dropped.ts";

describe("a dropped folder", () => {
  it("is read recursively and completely, with the path of each file and all empty folders", async () => {
    const many = Array.from({ length: 250 }, (_, n) => file(`${n}.txt`));
    const tree = folder("Trip", [file("a.txt"), folder("day 1", [...many, folder("morning", [])])]);
    const into: Dropped = { files: [], emptyFolders: [] };
    await walk(tree)("Trip", into);
    assert.equal(into.files.length, 251);
    assert.deepEqual(
      into.files.slice(0, 2).map(({ file: { name }, path }) => [path, name]),
      [
        ["Trip", "a.txt"],
        ["Trip/day 1", "0.txt"],
      ],
    );
    assert.deepEqual(into.emptyFolders, ["Trip/day 1/morning"]);
  });

  it("omits files that cannot be read", async () => {
    const into: Dropped = { files: [], emptyFolders: [] };
    await walk(folder("x", [file("gone.txt", true), file("b.txt")]))("x", into);
    assert.deepEqual(
      into.files.map(({ file: { name } }) => name),
      ["b.txt"],
    );
  });
});

describe("chosen files", () => {
  it("keep the paths of their folders", () => {
    const { files } = readChosen([named("a.txt", ""), named("b.txt", "Trip/day 1/b.txt")]);
    assert.deepEqual(
      files.map(({ path }) => path),
      ["", "Trip/day 1"],
    );
  });
});

function named(name: string, webkitRelativePath: string): File {
  return Object.assign(new File(["x"], name), { webkitRelativePath });
}

/** Entries as a browser gives them, as far as they are asked for. */
function file(name: string, isBroken = false): FileSystemEntry {
  const give = (resolve: (file: File) => void, reject: (error: Error) => void) =>
    isBroken ? reject(new Error("gone")) : resolve(new File(["x"], name));
  return { name, isDirectory: false, isFile: true, file: give } as unknown as FileSystemEntry; // All that is used of it.
}

function folder(name: string, entries: readonly FileSystemEntry[]): FileSystemDirectoryEntry {
  const createReader = () => {
    let at = 0;
    // A hundred at a time, as Chromium does.
    const readEntries = (resolve: (some: FileSystemEntry[]) => void) => {
      resolve(entries.slice(at, at + 100));
      at += 100;
    };
    return { readEntries };
  };
  return { name, isDirectory: true, isFile: false, createReader } as unknown as FileSystemDirectoryEntry; // As above.
}
