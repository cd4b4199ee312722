import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const routes = new URL("../src/routes.tsx", import.meta.url);

/** The paths of the pages, as the router has them: `/watch/$id`, `/@{$username}`. @throws Error for a route without one */
export function pagePaths(): string[] {
  const text = readFileSync(routes, "utf8");
  const paths = [...text.matchAll(/\bpath: "([^"]+)"/g)].map(([, path = ""]) => path);
  const count = text.match(/\bcreateRoute\(/g)?.length;
  if (paths.length !== count) throw new Error(`web/src/routes.tsx has ${count} routes with ${paths.length} paths`);
  return paths.toSorted();
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
