import { parseArgs } from "node:util";
import { manifestsOf, manifestText } from "./manifests/manifests.ts";
import { type Values, usualValues } from "./manifests/values.ts";
import { readTopology } from "./topology/topology.ts";

const names = Object.keys(usualValues).filter((name) => name !== "replicas");
const usage = `npm run manifests -- [--topology NAME|FILE] [--set NAME=VALUE …]

Prints manifests of Kubernetes for a topology, nine by default. docs/deploy/kubernetes.md describes them.

  --topology   a name of docs/topologies.md, or the path of a file
  --set        a value: ${names.join(", ")}; on or off for keda, serviceMonitor and ingress;
               replicas.NAME=N for how many of a process run

Exit codes: 0 done · 2 wrong arguments`;

type Output = Pick<Console, "log" | "error">;

/** Yields the exit code. @throws ConfigError for a topology that cannot be used */
export async function manifests(argv: readonly string[], _: NodeJS.ProcessEnv, output: Output): Promise<number> {
  const flags = readFlags(argv);
  if (typeof flags !== "string" && flags.help) {
    output.log(usage);
    return 0;
  }
  const values = typeof flags === "string" ? flags : valuesOf(flags.set ?? []);
  if (typeof values === "string") {
    output.error(`${values}\n\n${usage}`);
    return 2;
  }
  const { topology = "nine" } = typeof flags === "string" ? {} : flags;
  output.log(manifestText(manifestsOf(readTopology(topology), values)).trimEnd());
  return 0;
}

/** The flags, or what is wrong with them. */
function readFlags(argv: readonly string[]) {
  try {
    const options = {
      topology: { type: "string" },
      set: { type: "string", multiple: true },
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The values with these settings, or what is wrong with one. */
function valuesOf(settings: readonly string[]): Values | string {
  const replicas = new Map<string, number>();
  const set: Record<string, string | boolean> = {};
  for (const setting of settings) {
    const [, name = "", value = ""] = /^([A-Za-z.-]+)=(.+)$/.exec(setting) ?? [];
    if (name.startsWith("replicas.") && /^[1-9]\d{0,3}$/.test(value))
      replicas.set(name.slice("replicas.".length), Number(value));
    else if (!names.includes(name)) return `--set ${setting}: there is no such value`;
    else if (typeof usualValues[name as keyof Values] !== "boolean") set[name] = value;
    else if (value === "on" || value === "off") set[name] = value === "on";
    else return `--set ${setting}: must be on or off`;
  }
  return { ...usualValues, ...set, replicas: (process, usual) => replicas.get(process) ?? usual };
}
