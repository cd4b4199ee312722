import type { Db } from "../src/kernel/db/port.ts";
import type { KernelTables } from "../src/kernel/db/tables.ts";
import { isOpenable } from "../src/kernel/keys/keyring.ts";
import { renew, reseal, rotate } from "../src/kernel/keys/rotation.ts";
import { createSealing, type Sealing } from "../src/kernel/keys/sealing.ts";
import * as store from "../src/kernel/keys/store.ts";
import { clusterSecretsOf } from "./compose/fleet/cluster-secret.ts";
import { loadConfig } from "./compose/config.ts";
import { createRunningDatabases, openAddress, openKernelTables } from "./compose/databases/running-databases.ts";
import { loadPlugins, resolveOwner } from "./services.ts";

const usage = `npm run keys -- list|rotate|renew|reseal [SERVICE.KEY …] [the flags of npm start]

The keys by which services sign tokens, sessions and links. They are rows of the services' databases, sealed with the
cluster secret. Works beside running servers, which read a new value within 15 seconds, and without one. Without a name
it is about all keys.

  list     prints each key and since when it signs
  rotate   gives it a new value, which signs in a minute; what the value before it signed is valid until the next
           rotation, so rotate at most once in the life of a session (30 days)
  renew    replaces it immediately, and voids what it signed: for a key that has become known, and for a database
           whose cluster secret is lost
  reseal   seals it with KINORA_CLUSTER_SECRET where the secret before has sealed it; nobody notices

Exit codes: 0 done · 1 there is no database · 2 wrong arguments`;

const verbs = ["list", "rotate", "renew", "reseal"];

interface Output {
  readonly log: (text: string) => void;
  readonly error: (text: string) => void;
}
interface Place {
  readonly db: Db<KernelTables>;
  readonly service: string;
  readonly sealing: Sealing;
}

/** For the operator of the installation: it needs the database and the cluster secret. Yields the exit code. */
export async function keys(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  { log, error }: Output,
): Promise<number> {
  const [command = "", ...words] = argv;
  if (!verbs.includes(command)) {
    const isHelp = command === "--help" || command === "-h";
    (isHelp ? log : error)(usage);
    return isHelp ? 0 : 2;
  }
  const firstFlag = words.findIndex((word) => word.startsWith("-"));
  const names = (firstFlag < 0 ? words : words.slice(0, firstFlag)).map(resolveOwner);
  const { config } = loadConfig(words.slice(names.length), environment, process.cwd());
  const plugins = await loadPlugins();
  const all = plugins.flatMap(({ contract, keys: declared = [] }) => declared.map((key) => `${contract.name}.${key}`));
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    error(`there is no key ${unknown}; keys are ${all.join(", ")}`);
    return 2;
  }
  const wanted = all.filter((name) => names.length === 0 || names.includes(name));
  // A database that was started for the first service is there for the others.
  await using open = new AsyncDisposableStack();
  const databases = createRunningDatabases(config);
  try {
    const sealing = createSealing(await clusterSecretsOf(config));
    for (const plugin of plugins) {
      const service = plugin.contract.name;
      const keysHere = (plugin.keys ?? []).filter((key) => wanted.includes(`${service}.${key}`));
      if (keysHere.length === 0) continue;
      open.use(await openAddress(config, service));
      const db = await openKernelTables(databases, plugin);
      for (const key of keysHere) log(`${service}.${key}: ${await run(command, { db, service, sealing }, key)}`);
    }
  } finally {
    await databases.close();
  }
  return 0;
}

/** Executes the command on one key; yields the result as text. */
async function run(command: string, place: Place, key: string): Promise<string> {
  if (command === "rotate") return `a new value signs in ${Math.ceil((await rotate(place, key)) / 1_000)} s`;
  if (command === "list") return describe(place, key);
  if (command === "reseal") {
    await reseal(place, key);
    return "sealed with the cluster secret";
  }
  await renew(place, key);
  return "renewed, and what it signed is void";
}

async function describe(place: Place, key: string): Promise<string> {
  const rows = (await store.list(place.db)).filter(({ name }) => name === key);
  if (rows.length === 0) return "made at the next start";
  if (rows.some((row) => !isOpenable(place, row))) return "sealed with another cluster secret";
  const current = rows.find(({ startsInMs }) => startsInMs <= 0);
  const [latest] = rows;
  const since =
    current === undefined || current.startsAtMs === 0 ? "the first start" : new Date(current.startsAtMs).toISOString();
  const next = latest && latest.startsInMs > 0 ? `, a new value in ${Math.ceil(latest.startsInMs / 1_000)} s` : "";
  return `signs since ${since}${next}`;
}
