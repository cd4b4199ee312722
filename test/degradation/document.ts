import { entryPoints } from "./entry-points.ts";
import type { Cell, Matrix } from "./degradation.ts";

const introduction = `# Without one of the services

Kinora goes on where one of its services is away. This document is made by a measurement, \`npm run degradation\`, which a nightly test repeats. It kills the process of each service in a fleet with a process for each, asks ${entryPoints.length} entry points of the public APIs, and compares the answers with those of the whole fleet. Databases, caches and objects stay; [reliability](promises.md) is about them.

| answer | meaning |
|---|---|
| · | as with all services |
| less | success, with parts of the answer empty or absent, unless a cache has them |
| 503, 500 … | a refusal with that status, in the envelope of the API |
| code N | a refusal of an older API, whose status is 200 |
| cut | a download that breaks off, which its reader notices |

Sockets and live streams are kept open by gateways while their service restarts ([live](live.md)). Background work of a service that is away is done when it is back.
`;

/** The document of a matrix. Pure. */
export function degradationDocument(matrix: Matrix): string {
  const services = [...matrix.keys()].toSorted();
  return `${introduction}
## By service

${services.map((service) => `- **${service}**: ${summaryOf(matrix.get(service) ?? [])}`).join("\n")}

## Every answer

| | ${services.join(" | ")} |
|---|${services.map(() => "---|").join("")}
${entryPoints
  .map(({ group, name }, at) => {
    const cells = services.map((service) => textOf(matrix.get(service)?.[at] ?? ""));
    return `| ${group} – ${name} | ${cells.join(" | ")} |`;
  })
  .join("\n")}
`;
}

const textOf = (cell: Cell): string => (cell === "yes" ? "·" : cell);

/** The entry points that a service is missed by, by their answers. */
function summaryOf(cells: readonly Cell[]): string {
  const names = new Map<Cell, string[]>();
  for (const [at, cell] of cells.entries()) {
    const { group = "", name = "" } = entryPoints[at] ?? {};
    if (cell !== "yes") names.set(cell, [...(names.get(cell) ?? []), group === "REST" ? name : `${group} ${name}`]);
  }
  if (names.size === 0) return "no entry point needs it.";
  return `${[...names].map(([cell, list]) => `${cell} for ${list.join("; ")}`).join(". ")}.`;
}
