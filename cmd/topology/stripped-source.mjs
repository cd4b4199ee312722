import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";

const folder = join(import.meta.dirname, "../../node_modules/.cache/kinora/stripped");

/** The text of a source without types: a copy in the cache, which is written for the first reader. */
export function sourceOf(path) {
  const { mtime } = statSync(path);
  const copy = join(folder, path);
  try {
    // A copy has the time of its source.
    if (statSync(copy).mtime.getTime() === mtime.getTime()) return readFileSync(copy, "utf8");
  } catch {
    // There is no copy yet.
  }
  const text = stripTypeScriptTypes(readFileSync(path, "utf8"));
  try {
    store(copy, text, mtime);
  } catch {
    // A folder that cannot be written: the next start removes the types again.
  }
  return text;
}

/** Another process may write the same copy. */
function store(copy, text, mtime) {
  mkdirSync(dirname(copy), { recursive: true });
  const draft = `${copy}.${process.pid}`;
  writeFileSync(draft, text);
  utimesSync(draft, mtime, mtime);
  renameSync(draft, copy);
}
