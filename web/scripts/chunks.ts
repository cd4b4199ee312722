import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const sources = fileURLToPath(new URL("../src/", import.meta.url));
const ariaFile = /\/node_modules\/@?react-(?:aria|stately)/;
const reactFile = /\/node_modules\/(?:react|react-dom|scheduler)\//;
const libraryFile = /\/node_modules\//;
const texts = `${sources}base/i18n/`;
const iconFile = /\/lucide-react\/dist\/esm\/icons\/([\w-]+)\.m?js$/;

/** The icons a module imports, as their files are called: `HardDrive` is in `hard-drive`. */
const iconsIn = (code: string): string[] =>
  [...code.matchAll(/import \{([^}]*)\} from "lucide-react"/g)].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) =>
        name
          .trim()
          .replaceAll(/(?<=[a-z\d])(?=[A-Z\d])|(?<=\d)(?=[A-Z])/g, "-")
          .toLowerCase(),
      )
      .filter((name) => name !== ""),
  );

interface ModuleNode {
  readonly importedIds: readonly string[];
}
interface ModuleGraph {
  readonly getModuleInfo: (id: string) => ModuleNode | null;
}

/**
 * The chunks that are not left to who imports whom, because many small files take longer than one: `app` has all that the
 * first page needs, less what `react` and `libraries` have of it, so that each is evaluated in a task of its own; `common`
 * has what several pages share where that needs no other library, `controls` the library of controls as far as the watch
 * page needs it.
 */
export function chunks() {
  const app = once((graph) => needs("main.tsx", graph));
  const watch = once((graph) => needs("pages/watch/watch-page.tsx", graph));
  const light = new Map<string, boolean>();
  const isLight = (id: string, graph: ModuleGraph): boolean => {
    const isKnownLight = light.get(id);
    if (isKnownLight !== undefined) return isKnownLight;
    // Modules that import each other do not make each other heavy.
    light.set(id, true);
    const isOwn = (id.startsWith(sources) && !id.startsWith(texts)) || iconFile.test(id);
    const imports = graph.getModuleInfo(id)?.importedIds ?? [];
    const result = app(graph).has(id) || (isOwn && imports.every((imported) => isLight(imported, graph)));
    light.set(id, result);
    return result;
  };
  return [
    // A chunk takes what its modules import along, unless a chunk before it has that.
    {
      priority: 4,
      name: (id: string, graph: ModuleGraph) => (reactFile.test(id) && app(graph).has(id) ? "react" : null),
    },
    {
      priority: 4,
      name: (id: string, graph: ModuleGraph) => (ariaFile.test(id) && app(graph).has(id) ? "locale" : null),
    },
    {
      priority: 3,
      name: (id: string, graph: ModuleGraph) => (libraryFile.test(id) && app(graph).has(id) ? "libraries" : null),
    },
    { priority: 2, name: (id: string, graph: ModuleGraph) => (app(graph).has(id) ? "app" : null) },
    {
      priority: 1,
      name: (id: string, graph: ModuleGraph) => (ariaFile.test(id) && watch(graph).has(id) ? "controls" : null),
    },
    { priority: 1, minShareCount: 4, name: (id: string, graph: ModuleGraph) => (isLight(id, graph) ? "common" : null) },
  ];
}

function once<Result>(make: (graph: ModuleGraph) => Result): (graph: ModuleGraph) => Result {
  let made: Result | undefined;
  return (graph) => (made ??= make(graph));
}

/** The modules that this one needs before it runs. */
function needs(module: string, graph: ModuleGraph): ReadonlySet<string> {
  const needed = new Set<string>();
  const icons = new Set<string>();
  const waiting = [sources + module];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (needed.has(next)) continue;
    needed.add(next);
    if (next.startsWith(sources)) for (const icon of iconsIn(readFileSync(next, "utf8"))) icons.add(icon);
    waiting.push(...(graph.getModuleInfo(next)?.importedIds ?? []));
  }
  // An import of one icon fetches the whole library: only those are needed that are named.
  for (const each of needed) if (iconFile.test(each) && !icons.has(iconFile.exec(each)?.[1] ?? "")) needed.delete(each);
  return needed;
}
