const browsers = [
  ["Edge", /Edg(?:e|A|iOS)?\//],
  ["Opera", /OPR\//],
  ["Firefox", /Firefox\/|FxiOS\//],
  ["Chrome", /Chrome\/|CriOS\//],
  ["Safari", /Safari\//],
] as const;
const systems = [
  ["Android", /Android/],
  ["iOS", /iPhone|iPad/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS X/],
  ["Linux", /Linux/],
] as const;

const firstMatch = (names: readonly (readonly [string, RegExp])[], agent: string): string =>
  names.find(([, pattern]) => pattern.test(agent))?.[0] ?? "";

/** The common name of a client by its user agent; the agent's first word where it is no browser. Pure. */
export function deviceOf(agent: string): { name: string; isPhone: boolean } {
  const browser = firstMatch(browsers, agent);
  const system = firstMatch(systems, agent);
  const isPhone = system === "Android" || system === "iOS";
  const name =
    browser === "" ? (agent.split(/[\s/]/)[0] ?? "") : [browser, system].filter((part) => part !== "").join(" · ");
  return { name, isPhone };
}
