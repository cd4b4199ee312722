import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { z } from "zod";
import type { Problem } from "../config-error.ts";
import type { Setting } from "./setting.ts";

/** Values of one source by the setting's dotted keys, and what was wrong with the source. */
export interface Source {
  readonly values: ReadonlyMap<string, { readonly value: unknown; readonly where: string }>;
  readonly problems: readonly Problem[];
}
export const dottedKey = (keys: readonly PropertyKey[]): string => keys.map(String).join(".");

/** The command line. Spellings with `_` are accepted for `-`; a switch needs no value. */
export function fromFlags(argv: readonly string[], settings: readonly Setting[]): Source & { wantsHelp: boolean } {
  const values = new Map<string, { value: unknown; where: string }>();
  const problems: Problem[] = [];
  const flags = new Map(
    settings.flatMap((setting) => (setting.flag === undefined ? [] : [[setting.flag.slice(2), setting] as const])),
  );
  const isSwitch = (setting: Setting): boolean => setting.schema.safeParse("on").data === true;
  const options = Object.fromEntries(
    [...flags].map(([name, setting]) => [name, { type: isSwitch(setting) ? "boolean" : "string" } as const]),
  );
  const args = argv.map((arg) => arg.replace(/^--[^=]+/, (name) => `--${name.slice(2).replaceAll("_", "-")}`));
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true, allowPositionals: true });
  let wantsHelp = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      problems.push({ where: token.value, says: "not a flag: flags begin with `--`, see --help" });
      continue;
    }
    if (token.name === "help" || token.rawName === "-h") wantsHelp = true;
    else {
      const setting = flags.get(token.name);
      const where = token.rawName;
      if (setting === undefined) problems.push({ where, says: "there is no such flag, see --help" });
      else if (isSwitch(setting)) values.set(dottedKey(setting.keys), { value: token.value ?? true, where });
      else if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--")))
        problems.push({ where, says: "needs a value" });
      else values.set(dottedKey(setting.keys), { value: token.value, where });
    }
  }
  return { values, problems, wantsHelp };
}

type Names = Readonly<Record<string, string | undefined>>;
/** Variables that container schedulers set for a service called kinora, and the variables of our own tests. */
const foreign = /^KINORA_TEST_|_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d+_(?:TCP|UDP)/;
/** Kubernetes sets `KINORA_PORT` to the address of a service called kinora, `KINORA_RTMP_PORT` to that of kinora-rtmp. */
const isServiceLink = (name: string, value: string): boolean =>
  name.endsWith("_PORT") && /^(?:tcp|udp|sctp):\/\//.test(value);

/** Environment variables, of the process or of a file; an empty one counts as not set. */
function fromEnvironment(env: Names, settings: readonly Setting[], prefix = ""): Source {
  const values = new Map<string, { value: unknown; where: string }>();
  const problems: Problem[] = [];
  const byName = new Map(settings.map((setting) => [setting.env as string, setting]));
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith("KINORA_") || foreign.test(name) || value === undefined || value === "") continue;
    if (isServiceLink(name, value)) continue;
    const where = `${prefix}${name}`;
    const plain = byName.get(name);
    const filed = name.endsWith("_FILE") ? byName.get(name.slice(0, -"_FILE".length)) : undefined;
    if (plain !== undefined) values.set(dottedKey(plain.keys), { value, where });
    else if (filed?.secret !== true) problems.push({ where, says: "there is no such setting, see --help" });
    else if ((env[filed.env] ?? "") !== "")
      problems.push({ where, says: `${filed.env} is set as well: keep one of them` });
    else {
      const text = readText(value);
      if (text === undefined) problems.push({ where, says: `the file ${value} cannot be read` });
      else values.set(dottedKey(filed.keys), { value: text.replace(/\r?\n$/, ""), where });
    }
  }
  return { values, problems };
}

export type Values = ReadonlyMap<string, { readonly value: unknown; readonly where: string }>;
/** The values of all sources, each over the one before. */
export const mergeSources = (sources: readonly Source[]): Values =>
  new Map(sources.flatMap((source) => [...source.values]));

/** The sources on this machine. */
export function readSources(env: Names, cwd: string, settings: readonly Setting[], flags: Source) {
  const above = [fromDotEnv(cwd, settings), fromEnvironment(env, settings), flags];
  const named = mergeSources(above).get("data")?.value;
  const data = resolve(cwd, typeof named === "string" ? named : "./data");
  return { data, sources: [fromFile(data, settings), ...above] };
}

/** `.env` of a folder, when there is one. */
function fromDotEnv(folder: string, settings: readonly Setting[]): Source {
  const text = readText(join(folder, ".env"));
  return fromEnvironment(text === undefined ? {} : parseEnv(text), settings, ".env: ");
}

/** `kinora.yml` of the data folder, when there is one. */
function fromFile(data: string, settings: readonly Setting[]): Source {
  const name = "kinora.yml";
  const text = readText(join(data, name));
  return text === undefined ? noValues : fromDocument(name, text, settings, { data: "the folder this file lies in" });
}

/** The copy of the remote configuration in the data folder. Others read that too, so it sets no secret. */
export function fromRemote(data: string, settings: readonly Setting[]): Source {
  const text = readText(join(data, remoteCopy));
  if (text === undefined) return noValues;
  const local = settings.filter(({ secret, keys }) => secret || localKeys.has(dottedKey(keys)));
  const reasons = local.map(({ keys, secret }) => [dottedKey(keys), secret ? "a secret" : "a place on this machine"]);
  return fromDocument("remote configuration", text, settings, Object.fromEntries(reasons) as Record<string, string>);
}

/** The name of that copy. */
export const remoteCopy = "remote.json";
const localKeys: ReadonlySet<string> = new Set(["data", "cluster.configUrl", "cluster.plugins"]);
const noValues: Source = { values: new Map(), problems: [] };

/** The settings of a YAML document. @param refused names settings that it cannot set, with what they are */
function fromDocument(
  name: string,
  text: string,
  settings: readonly Setting[],
  refused: Readonly<Record<string, string>>,
): Source {
  // A process without such a document does not load the parser.
  const { parse, YAMLError } = createRequire(import.meta.url)("yaml") as typeof import("yaml"); // By its name.
  const values = new Map<string, { value: unknown; where: string }>();
  const problems: Problem[] = [];
  const knownKeys = new Set(settings.map(({ keys }) => dottedKey(keys)));
  const walk = (node: unknown, keys: readonly string[]): void => {
    const key = dottedKey(keys);
    const where = `${name}: ${key}`;
    const inner = Mapping.safeParse(node).data;
    const hasParts = keys.length === 0 || [...knownKeys].some((knownKey) => knownKey.startsWith(`${key}.`));
    if (refused[key] !== undefined) problems.push({ where, says: `${refused[key]} cannot be set in it` });
    else if (knownKeys.has(key)) values.set(key, { value: node, where });
    else if (!hasParts) problems.push({ where, says: "there is no such setting" });
    else if (inner !== undefined) for (const [part, value] of Object.entries(inner)) walk(value, [...keys, part]);
    else if (node !== null) problems.push({ where: key === "" ? name : where, says: "must be a map of settings" });
  };
  try {
    walk(parse(text) as unknown, []);
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    problems.push({ where: name, says: error.message.split("\n")[0] ?? "is not YAML" });
  }
  return { values, problems };
}
const Mapping = z.record(z.string(), z.unknown());

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // The callers say so where it matters.
  }
}
