import { remoteConfigOf } from "../src/kernel/config/load.ts";
import { loadConfig } from "./compose/config.ts";
import { secretFileOf } from "./compose/fleet/cluster-secret.ts";
import { runningEmbeddedUrl } from "./compose/databases/embedded-database.ts";
import { resolveRole, roles } from "./services.ts";
import { configOf, planProcess } from "./topology/plan.ts";
import { needsEmbedded } from "./topology/preparation.ts";
import { type PlannedProcess, readTopology, type Topology, topologyOf } from "./topology/topology.ts";

const usage = `npm run service -- NAME [--topology NAME|FILE] [the flags of npm start]

Runs one process of a topology (all): the one of this name, or the one that runs the service of this name. Services,
ports and addresses of the other processes on this machine are those of docs/topologies.md; flags and settings come over
them. Without KINORA_DB_URL it uses the embedded database that runs on the data folder (npm run database).

Exit codes: 0 stopped · 1 it could not start · 2 wrong arguments`;

/** Settles when the process is ready; signals stop it. Yields the exit code. */
export async function service(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Pick<Console, "log" | "error">,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  const [name = "", ...flags] = argv;
  const cwd = process.cwd();
  const ownFlags = name.startsWith("-") ? argv : flags;
  const remote = remoteConfigOf(ownFlags, environment, cwd, roles);
  const remoteConfig = remote && (await import("./compose/fleet/remote-config.ts"));
  if (remote) await remoteConfig?.copyRemoteConfig(remote, (sentence) => output.error(sentence));
  const loaded = loadConfig(ownFlags, environment, cwd);
  const topology = readTopology(topologyOf(loaded), cwd);
  const chosen = processOf(topology, name);
  if (chosen === undefined) {
    const names = topology.processes.map((process) => process.name).join(", ");
    const problem =
      name === "" || name.startsWith("-") ? "say which process" : `there is no process or service ${name}`;
    output.error(`${problem}; processes of ${topology.name} are ${names}`);
    return 2;
  }
  const { config } = loaded;
  const parts = {
    topology,
    loaded,
    argv: flags,
    environment,
    cwd,
    chosen: chosen.name,
    databaseUrl: needsEmbedded(config) ? await runningEmbeddedUrl(config.data) : undefined,
    secretFile: await secretFileOf(config),
  };
  const load = () => configOf(planProcess(chosen, parts), parts);
  const { start } = await import("./compose/server.ts");
  const ownConfig = load();
  await start(ownConfig, {
    follow: (apply, log) => remote && remoteConfig?.followRemoteConfig({ remote, config: ownConfig, load, apply, log }),
  });
  return 0;
}

/** A process by its name, else by that of a service that it runs, also by the name of an older system. */
const processOf = ({ processes }: Topology, name: string): PlannedProcess | undefined =>
  processes.find((process) => process.name === name) ??
  processes.find(({ services }) => services.includes(resolveRole(name)));
