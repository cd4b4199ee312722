import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Aliases, importedBy } from "../imports.ts";
import type { Item } from "./plan.ts";

/** The parts of a run that cost time before its first test. */
export interface Needs {
  /** The database server that the test hosts of a run share. */
  readonly database: boolean;
  /** Tools of the system, such as FFmpeg, and a measure of the machine's speed: its tests start processes. */
  readonly programs: boolean;
}

const database = /\bKINORA_TEST_POSTGRES\b/;
const programs = /"node:child_process"/;
/** Imports of types are erased before the code runs. */
const types = /^(?:import|export) type [^;]*;/gm;

/** The needs of these items, by the text of their test files and of all that these import. */
export async function needsOf(root: string, items: readonly Pick<Item, "files">[]): Promise<Needs> {
  const needs = { database: false, programs: items.some(({ files }) => files.length === 0) };
  const { imports: aliases } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { imports: Aliases }; // Our own file.
  const reached = new Set(items.flatMap(({ files }) => files));
  // A set iterates over what is added during the iteration.
  for (const file of reached) {
    if (needs.database && needs.programs) break;
    const source = await readFile(join(root, file), "utf8").catch(() => ""); // A package or a generated file.
    const text = source.replaceAll(types, "");
    needs.database ||= database.test(text);
    needs.programs ||= programs.test(text);
    for (const target of importedBy(file, text, aliases)) reached.add(target);
  }
  return needs;
}
