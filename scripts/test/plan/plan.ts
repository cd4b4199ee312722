import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Request, RequestError } from "./arguments.ts";
import { groupsOf, sharingGroupsOf } from "./groups.ts";
import { type Suite, suites } from "./suites.ts";

/** A piece of work that one process does. */
export interface Item {
  readonly suite: Suite;
  /** Its file, or `group of …`; the same in the next run. */
  readonly name: string;
  /** Test files; none where the suite is of another kind. */
  readonly files: readonly string[];
}

/** The work of a request, in no order. @throws {RequestError} where no test file is meant. */
export async function plan(root: string, request: Request): Promise<Item[]> {
  const items: Item[] = [];
  for (const suite of request.suites) {
    const { runs } = suite;
    if (runs.kind === "checks") items.push({ suite, name: "check", files: [] });
    else if (runs.kind === "script") items.push({ suite, name: runs.file, files: [] });
    else if (runs.kind === "programs") items.push(...runs.files.map((name) => ({ suite, name, files: [] })));
    else items.push(...(await groupFiles(root, suite, await filesOf(root, runs.globs, request))));
  }
  if (request.paths.length > 0 || request.grep !== undefined) {
    if (items.length === 0) throw new RequestError(nothing(request));
    return items;
  }
  const empty = request.suites.find((suite) => items.every((item) => item.suite !== suite));
  if (empty !== undefined) throw new RequestError(`the suite ${empty.name} has no test files`);
  return items;
}

async function filesOf(root: string, globs: readonly string[], { paths, grep }: Request): Promise<string[]> {
  const all = (await Array.fromAsync(glob([...globs], { cwd: root }))).toSorted();
  const meant = all.filter((file) => paths.length === 0 || paths.some((path) => file.startsWith(path)));
  if (grep === undefined) return meant;
  // A title may be put together; its longest word is taken to stand in the file.
  const [word = ""] = grep
    .toLowerCase()
    .split(/\s+/)
    .toSorted((a, b) => b.length - a.length);
  const texts = await Promise.all(meant.map((file) => readFile(join(root, file), "utf8")));
  return meant.filter((_, at) => texts[at]?.toLowerCase().includes(word));
}

async function groupFiles(root: string, suite: Suite, files: readonly string[]): Promise<Item[]> {
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readFile(join(root, file), "utf8"));
  const groups =
    suite.name === "unit" ? groupsOf(texts) : suite.isOneProcess === true ? [files] : sharingGroupsOf(texts);
  return groups.filter(({ length }) => length > 0).map((group) => ({ suite, name: group.join(" "), files: group }));
}

function nothing({ paths, grep }: Request): string {
  const titles = grep === undefined ? "" : ` has a test whose title contains “${grep}”`;
  const names = suites.flatMap(({ name, runs }) => (runs.kind === "files" ? [name] : []));
  const begins = paths.length === 0 ? "" : ` begins with ${paths.join(" or ")}`;
  return `no test file${begins}${begins && titles ? " and" : ""}${titles}; suites of files are ${names.join(", ")}`;
}
