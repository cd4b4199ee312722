import type { Plugin } from "./plugin.ts";

/**
 * Plugins in an order in which each comes after those it asks.
 * @throws Error naming the services of a circle. Needs on services that run elsewhere are not followed.
 */
export function byNeed(plugins: readonly Plugin[]): Plugin[] {
  const named = new Map(plugins.map((p) => [p.contract.name, p]));
  const sorted = new Set<Plugin>();
  const visit = (p: Plugin, path: readonly string[]) => {
    const { name } = p.contract;
    if (path.includes(name)) throw new Error(`services need each other in a circle: ${[...path, name].join(" → ")}`);
    for (const need of p.needs) {
      const needed = named.get(need.name);
      if (needed && !sorted.has(needed)) visit(needed, [...path, name]);
    }
    sorted.add(p);
  };
  for (const p of plugins) visit(p, []);
  return [...sorted];
}
