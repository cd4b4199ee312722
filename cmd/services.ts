import { existsSync } from "node:fs";
import { type Roles, resolveAlias } from "../src/kernel/config/roles.ts";
import type { Contract } from "../src/kernel/contract.ts";
import type { Plugin } from "../src/kernel/host/plugin.ts";

/**
 * Every service there is: the name of its folder in `src/services`. Contracts, configuration, process roles, erasure,
 * administration and documentation follow from this list. A page of jobs lists services in this order.
 */
const names = [
  "auth",
  "user",
  "relation",
  "upload",
  "media",
  "drive",
  "transfer",
  "transcoder",
  "video",
  "streaming",
  "interaction",
  "live",
  "message",
  "hashtag",
  "search",
  "moderation",
  "recommend",
  "worker",
  "instance",
  "demo",
  "cache",
  "monitor",
];
/** Services of the operator's own files, by name; `cmd/plugins.ts` adds them before the configuration is read. */
const operatorPlugins = new Map<string, Plugin>();

export const serviceNames: readonly string[] = names;

/** Services that nobody names: each runs where the service it works with runs. */
export const companions: Readonly<Record<string, string>> = { demo: "transcoder", instance: "auth" };
const namesOfRoles = ["gateway", ...serviceNames.filter((name) => !Object.hasOwn(companions, name))];
/** The roles that a process can run. */
export const roleNames: readonly string[] = namesOfRoles;

/** The roles of processes, and names that older systems have for them: they are accepted wherever a role is named. */
export const roles: Roles = {
  names: roleNames,
  aliases: {
    "api-gateway": "gateway",
    account: "user",
    dbproxy: "drive",
    download: "drive",
    metadata: "video",
  },
};
/** The name that this code has for a service or the gateway; an unknown name stays as it is. */
export const resolveRole = (name: string): string => resolveAlias(roles.aliases, name);
/** The same for the first part of names such as `video.videos`. */
export const resolveOwner = (name: string): string => name.replace(/^[^.]+/, resolveRole);

/** Adds a service of an operator's own file to the others; its name is that of no other. */
export function addPlugin(plugin: Plugin): void {
  const { name } = plugin.contract;
  operatorPlugins.set(name, plugin);
  names.push(name);
  namesOfRoles.push(name);
}
export const isOperatorPlugin = (name: string): boolean => operatorPlugins.has(name);
/** The contracts of the operator's own services. */
export const pluginContracts = (): Contract[] => [...operatorPlugins.values()].map(({ contract }) => contract);

/**
 * The contracts of all services that others can call, whether they run in this process or in another.
 * @throws Error naming what is missing.
 */
export async function loadContracts(): Promise<Contract[]> {
  const all = await Promise.all(
    serviceNames.map(
      async (name) => operatorPlugins.get(name)?.contract ?? importExport<Contract>(name, "contract", name),
    ),
  );
  return all.filter(({ methods }) => Object.keys(methods).length > 0);
}

/** The plugins of these services, or of all; a service's code is imported only where it runs. @throws Error naming what is missing. */
export const loadPlugins = (names: readonly string[] = serviceNames): Promise<Plugin[]> =>
  Promise.all(
    names.map(async (name) => operatorPlugins.get(name) ?? importExport<Plugin>(name, "plugin", `${name}Plugin`)),
  );

/** The export of a service's file under its conventional name. */
async function importExport<T extends object>(service: string, file: string, name: string): Promise<T> {
  const path = `../src/services/${service}/${file}.ts`;
  if (!existsSync(new URL(path, import.meta.url)))
    throw new Error(`cmd/services.ts lists ${service}, and there is no src/services/${service}/${file}.ts`);
  const module: Record<string, unknown> = await import(path);
  const value = module[name];
  if (typeof value !== "object" || value === null)
    throw new Error(`src/services/${service}/${file}.ts exports no ${name}`);
  return value as T; // The types of a contract and a plugin are erased; the architecture test looks at both.
}
