import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import { defaultStore } from "../blob/stores/places.ts";
import { leastConnections } from "../db/connections/shares.ts";
import { ConfigError, type Problem } from "../config-error.ts";
import { helpText } from "./help.ts";
import type { Roles } from "./roles.ts";
import { type Config, configSchema } from "./schema.ts";
import { type Setting, settingsIn } from "./setting.ts";
import { type RemotePlace, remotePlaceOf } from "./remote-place.ts";
import { dottedKey, fromFlags, fromRemote, mergeSources, readSources, type Values } from "./sources.ts";
import { unbuilt } from "./unbuilt.ts";
import { isLoopback } from "./values.ts";

export { ConfigError } from "../config-error.ts";
export type { Config } from "./schema.ts";

export interface Loaded {
  /** Frozen to its depth; the defaults where `help` was asked for. */
  readonly config: Config;
  /** The text of `--help`, when it was asked for: print it and end with 0. */
  readonly help?: string;
  /** The source of each setting that is not a default, by its dotted keys (`server.port` → `KINORA_PORT`). */
  readonly sources: Readonly<Record<string, string>>;
}

/**
 * Reads the configuration: defaults, the copy of the remote one, `kinora.yml` in the data folder, `.env` in `cwd`, `env`,
 * `argv` (without the program's name), each over the one before.
 *
 * @throws {ConfigError} with all that is wrong, or that is asked for and not built.
 */
export function loadConfig(argv: readonly string[], env: Environment, cwd: string, roles: Roles): Loaded {
  const Config = configSchema(roles);
  const settings = settingsIn(Config);
  const flags = fromFlags(argv, settings);
  if (flags.wantsHelp) return { config: frozen(Config.parse({})), help: helpText(settings), sources: {} };
  const { data, sources: localSources } = readSources(env, cwd, settings, flags);
  const isRemote = mergeSources(localSources).has(remoteKey);
  const sources = [...(isRemote ? [fromRemote(data, settings)] : []), ...localSources];
  const values = mergeSources(sources);
  const problems = sources.flatMap((source) => source.problems);
  const tree = {};
  for (const [key, { value }] of values) put(tree, key.split("."), value);
  const parsed = Config.safeParse(tree);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => problemOf(issue, settings, values)));
  else problems.push(...contradictions(parsed.data), ...notBuilt(parsed.data, settings, values));
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  const config = parsed.data;
  for (const { keys, path } of settings)
    if (path !== undefined)
      change(config, keys, (text) => (path === "program" && !/[/\\]/.test(text) ? text : resolve(cwd, text)));
  change(config, ["blob", "url"], (text) => resolveFileUrl(cwd, text));
  for (const name of Object.keys(config.blob.stores))
    change(config, ["blob", "stores", name], (text) => resolveFileUrl(cwd, text));
  return {
    config: frozen(config),
    sources: Object.fromEntries([...values].map(([key, { where }]) => [key, where])),
  };
}

const remoteKey = "cluster.configUrl";

/** The place of the remote configuration, and the folder for its copy. */
export interface RemoteConfig {
  readonly place: RemotePlace;
  readonly data: string;
}

/**
 * The place of the remote configuration and the folder for its copy; undefined where there is none, or where
 * {@link loadConfig} will refuse it.
 */
export function remoteConfigOf(
  argv: readonly string[],
  env: Environment,
  cwd: string,
  roles: Roles,
): RemoteConfig | undefined {
  const settings = settingsIn(configSchema(roles));
  const flags = fromFlags(argv, settings);
  if (flags.wantsHelp) return undefined;
  const { data, sources } = readSources(env, cwd, settings, flags);
  const url = mergeSources(sources).get(remoteKey)?.value;
  try {
    return typeof url === "string" ? { place: remotePlaceOf(url), data } : undefined;
  } catch {
    return undefined;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

type Tree = { [key: string]: unknown };

function put(tree: Tree, [key = "", ...deeperKeys]: readonly string[], value: unknown): void {
  if (deeperKeys.length === 0) tree[key] = value;
  else put((tree[key] ??= {}) as Tree, deeperKeys, value); // Only this function fills the tree.
}

function change(tree: Tree, [key = "", ...deeperKeys]: readonly string[], alter: (text: string) => string): void {
  const value = tree[key];
  if (deeperKeys.length > 0)
    change(value as Tree, deeperKeys, alter); // A section of Config, which always has them all.
  else if (typeof value === "string") tree[key] = alter(value);
}

const resolveFileUrl = (cwd: string, text: string): string =>
  text.startsWith("file:") ? pathToFileURL(resolve(cwd, decodeURI(text.replace(/^file:(?:\/\/)?/, "")))).href : text;

/** Names the place where the value was written, never the value of a secret. */
function problemOf(issue: z.core.$ZodIssue, settings: readonly Setting[], values: Values): Problem {
  const about = settings.find(({ keys }) => keys.every((key, i) => issue.path[i] === key));
  const key = dottedKey(about?.keys ?? issue.path);
  const setting = values.get(key);
  const actual =
    typeof setting?.value === "string" || typeof setting?.value === "number" ? ` (it is \`${setting.value}\`)` : "";
  const isOneOf = issue.code === "invalid_value" && issue.message.startsWith("Invalid");
  const says = isOneOf
    ? `must be ${isList(setting?.value) ? "of" : "one of"} ${issue.values.join(", ")}`
    : issue.message;
  return { where: setting?.where ?? key, says: `${says}${about?.secret ? "" : actual}` };
}

const isList = (value: unknown): boolean => Array.isArray(value) || (typeof value === "string" && value.includes(","));

/** Settings that only make sense together. */
function contradictions({ server, site, cluster, blob, db, mail, search }: Config): Problem[] {
  const problems: Problem[] = [];
  const both = (value: unknown, name: string, otherValue: unknown, otherName: string): void => {
    if ((value === undefined) === (otherValue === undefined)) return;
    const [where, missing] = value === undefined ? [otherName, name] : [name, otherName];
    problems.push({ where, says: `needs ${missing} as well` });
  };
  both(server.tlsCert, "--tls-cert", server.tlsKey, "--tls-key");
  both(site.adminUsername, "KINORA_ADMIN_USERNAME", site.adminPassword, "KINORA_ADMIN_PASSWORD");
  both(blob.s3AccessKey, "KINORA_S3_ACCESS_KEY", blob.s3SecretKey, "KINORA_S3_SECRET_KEY");
  both(search.embeddingsUrl, "KINORA_EMBEDDINGS_URL", search.embeddingsModel, "KINORA_EMBEDDINGS_MODEL");
  both(db.pooled || undefined, "KINORA_DB_POOLED", db.directUrl, "KINORA_DB_DIRECT_URL");
  if (db.pooled && db.url === undefined)
    problems.push({ where: "KINORA_DB_POOLED", says: "needs KINORA_DB_URL as well" });
  if (db.migrate === "job" && db.url === undefined && (cluster.services ?? []).length === 0)
    problems.push({ where: "KINORA_MIGRATE", says: "`job` needs KINORA_DB_URL as well" });
  const replicas = db.replicaUrls.length;
  if (replicas > 0 && db.url === undefined)
    problems.push({ where: "KINORA_DB_REPLICA_URLS", says: "needs KINORA_DB_URL as well" });
  if (replicas > 0 && db.connections !== undefined && db.connections < leastConnections(replicas))
    problems.push({
      where: "KINORA_DB_CONNECTIONS",
      says: `must be ${leastConnections(replicas)} at least, for ${replicas} of KINORA_DB_REPLICA_URLS`,
    });
  for (const name of new Set(Object.values(blob.places)))
    if (name !== defaultStore && !Object.hasOwn(blob.stores, name))
      problems.push({ where: "KINORA_BLOB_PLACES", says: `there is no store ${name} in KINORA_BLOB_STORES` });
  if (mail.smtpUrl !== undefined && mail.from === undefined)
    problems.push({ where: "KINORA_SMTP_URL", says: "needs KINORA_MAIL_FROM as well" });
  if (cluster.services !== undefined && cluster.topology !== "one")
    problems.push({ where: "--services", says: "cannot be combined with --topology" });
  problems.push(...registryProblems(cluster), ...rpcTlsContradictions(cluster));
  return problems;
}

/** The form of an address that each kind of registry has. */
const addressForms: Readonly<Record<Config["cluster"]["registry"], string>> = {
  static: "a list such as `video=10.0.0.2:9002,user=10.0.0.2:9001`",
  dns: "a pattern such as `{service}.kinora.svc:19090`",
  etcd: "a URL such as `http://10.0.0.2:2379`",
  consul: "a URL such as `http://127.0.0.1:8500`",
  nacos: "a URL such as `http://10.0.0.2:8848`",
  kubernetes: "a URL such as `https://10.0.0.2:6443`",
};

function registryProblems({ registry, registryAddress, secret, previousSecret }: Config["cluster"]): Problem[] {
  const where = "--registry-address";
  const form = typeof registryAddress === "string" ? "dns" : Array.isArray(registryAddress) ? "url" : "list";
  const isEmpty = Object.keys(registryAddress).length === 0;
  const isOptional = registry === "static" || registry === "kubernetes";
  const forms: Readonly<Record<string, string>> = { static: "list", dns: "dns" };
  const isRight = isEmpty ? isOptional : form === (forms[registry] ?? "url");
  const problems: Problem[] = [];
  if (!isRight) problems.push({ where, says: `must be ${addressForms[registry]} for --registry ${registry}` });
  if ((registry !== "static" || !isEmpty) && secret === undefined)
    problems.push({
      where: registry === "static" ? where : "--registry",
      says: "needs KINORA_CLUSTER_SECRET, the same in every process",
    });
  if (previousSecret !== undefined && secret === undefined)
    problems.push({ where: "KINORA_CLUSTER_SECRET_PREVIOUS", says: "needs KINORA_CLUSTER_SECRET as well" });
  return problems;
}

/** TLS of the RPC port is on where there are certificates, and off on a network only where that is said. */
function rpcTlsContradictions({ rpcPort, rpcHost, rpcTls, rpcTlsCert, rpcTlsKey, rpcTlsCa }: Config["cluster"]) {
  const files = { KINORA_RPC_TLS_CERT: rpcTlsCert, KINORA_RPC_TLS_KEY: rpcTlsKey, KINORA_RPC_TLS_CA: rpcTlsCa };
  const present = Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [name]));
  const absent = Object.keys(files).filter((name) => !present.includes(name));
  const [first] = present;
  if (first !== undefined && rpcTls === false)
    return [{ where: "KINORA_RPC_TLS", says: `\`off\` contradicts ${first}: remove one of them` }];
  if (first !== undefined && absent.length > 0)
    return [{ where: first, says: `needs ${absent.join(" and ")} as well` }];
  if (first !== undefined || rpcTls === false) return [];
  if (rpcTls) return [{ where: "KINORA_RPC_TLS", says: `\`on\` needs ${absent.join(", ")}` }];
  if (rpcPort === undefined || isLoopback(rpcHost)) return [];
  const says = `${rpcHost} is reached by other machines, so the RPC port needs certificates: set ${absent.join(", ")} (npm run certs makes them), or KINORA_RPC_TLS=off on a network where nobody else is`;
  return [{ where: "KINORA_RPC_HOST", says }];
}

function notBuilt(config: Config, settings: readonly Setting[], values: Values): Problem[] {
  return unbuilt.flatMap((unit) => {
    const { keys } = unit;
    const what = unit.asks(config);
    const where = values.get(keys)?.where ?? settings.find((setting) => dottedKey(setting.keys) === keys)?.env ?? keys;
    return what === undefined ? [] : [{ where, says: `${what} is not built yet` }];
  });
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const part of Object.values(Object.freeze(value))) frozen(part);
  return value;
}
