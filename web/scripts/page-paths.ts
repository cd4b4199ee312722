import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const sources = fileURLToPath(new URL("../src/", import.meta.url));

/** The paths of the pages, as the router has them: `/watch/$id`, `/@{$username}`. @throws Error for a route without one */
export function pagePaths(): string[] {
  const files = globSync("pages/*/routes.{ts,tsx}", { cwd: sources });
  return files.flatMap(pathsIn).toSorted();
}

function pathsIn(file: string): string[] {
  const text = readFileSync(sources + file, "utf8");
  const paths = [...text.matchAll(/\bpath: "([^"]+)"/g)].map(([, path = ""]) => path);
  const count = text.match(/\bcreateRoute\(/g)?.length;
  if (paths.length !== count) throw new Error(`web/src/${file} has ${count} routes with ${paths.length} paths`);
  return paths;
}

/** Writes `page-paths.json`: the server answers 404 for paths of no page. */
export function pagePathsFile(): Plugin {
  return {
    name: "kinora:page-paths",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "page-paths.json", source: JSON.stringify(pagePaths()) });
    },
  };
}
