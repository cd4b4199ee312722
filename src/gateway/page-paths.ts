import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** A test for paths of the app, by a list of the router's paths, such as `/watch/$id`. Pure. */
export function pageTest(paths: readonly string[]): (path: string) => boolean {
  const patterns = paths.map((path) => (path === "/" ? "" : pattern(path)));
  const page = new RegExp(`^(?:${patterns.join("|")})/?$`, "i");
  return (path) => page.test(path);
}

/** `{$name}` and `$name` stand for one part of a path. */
const pattern = (path: string): string =>
  path
    .split(/(\{\$\w+\}|\$\w+)/)
    .map((part, place) => (place % 2 === 1 ? "[^/]+" : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)))
    .join("");

/** The paths that the build of the app wrote beside its page. */
export const pagePathsOf = (folder: string): string[] =>
  z.array(z.string()).parse(JSON.parse(readFileSync(join(folder, "page-paths.json"), "utf8")));
