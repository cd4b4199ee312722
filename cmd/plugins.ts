import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import packageJson from "../package.json" with { type: "json" };
import { ConfigError } from "../src/kernel/config-error.ts";
import { pluginFilesOf } from "../src/kernel/config/plugin-files.ts";
import type { Plugin } from "../src/kernel/host/plugin.ts";
import { addPlugin, companions, resolveRole, roleNames } from "./services.ts";

const where = "KINORA_PLUGINS";
const root = pathToFileURL(join(import.meta.dirname, "../"));
/** Imports of a plug-in that lead into this program, wherever its file is. */
const ours = /^(?:#|zod$|kysely$)/;

const Route = z.object({ http: z.string().optional() });
const Shape = z.object({
  contract: z.object({
    name: z.string(),
    version: z.int().positive(),
    methods: z.record(z.string(), Route),
  }),
  needs: z.array(z.object({ name: z.string() })),
  migrations: z.array(z.unknown()),
  start: z.function(),
});
const PluginModule = z.object({ default: Shape, requires: z.string().optional() });

/**
 * Adds the services in the files of KINORA_PLUGINS to those of this program. It runs before the configuration is read,
 * which has settings for each service. @throws ConfigError that names the file
 */
export async function addPlugins(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<void> {
  const files = pluginFilesOf(argv, env, cwd);
  if (files.length === 0) return;
  registerHooks({
    resolve: (specifier, context, next) =>
      next(
        specifier,
        ours.test(specifier) && context.parentURL?.startsWith(root.href) === false
          ? { ...context, parentURL: new URL("cmd/plugins.ts", root).href }
          : context,
      ),
  });
  for (const file of files) addPlugin(await pluginIn(file));
}

async function pluginIn(file: string): Promise<Plugin> {
  const refuse = (says: string): never => {
    throw new ConfigError([{ where, says: `${basename(file)} ${says}` }]);
  };
  if (!existsSync(file)) refuse(`is not at ${file}`);
  const module = await import(pathToFileURL(file).href).catch((error: unknown) =>
    refuse(`cannot be loaded: ${String(error).split("\n")[0]}`),
  );
  const parsed = PluginModule.safeParse(module);
  if (!parsed.success)
    return refuse("exports no service by default: export default plugin({ contract, needs, migrations, start })");
  const { requires, default: shape } = parsed.data;
  if (requires !== undefined && isNewer(requires))
    refuse(`needs Kinora ${requires} or newer, and this is ${packageJson.version}`);
  const { name, methods } = shape.contract;
  if (!/^[a-z][a-z0-9]{1,39}$/.test(name) || /^(?:pg|public|kinora)/.test(name))
    refuse(`has a service named ${name}: a name is 2 to 40 small letters and digits, and begins with a letter`);
  if (roleNames.includes(resolveRole(name)) || Object.hasOwn(companions, name))
    refuse(`has a service named ${name}, which is the name of another service: choose one of its own`);
  const prefix = `/api/v1/plugins/${name}/`;
  const foreign = Object.values(methods).find(({ http }) => http !== undefined && !http.includes(` ${prefix}`))?.http;
  if (foreign !== undefined) refuse(`answers ${foreign}: routes of a plug-in begin with ${prefix}`);
  return (module as { default: Plugin }).default; // Its shape was parsed; its types are erased.
}

/** True if a version such as `0.2` or `1.0.3` is later than that of this program. */
function isNewer(version: string): boolean {
  const numbers = (text: string) => text.split(".").map(Number);
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [ownMajor = 0, ownMinor = 0, ownPatch = 0] = numbers(packageJson.version);
  return major - ownMajor > 0 || (major === ownMajor && (minor - ownMinor || patch - ownPatch) > 0);
}
