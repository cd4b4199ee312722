import { resolve } from "node:path";
import { z } from "zod";
import { setting, settingsIn } from "./setting.ts";
import { fromFlags, mergeSources, readSources } from "./sources.ts";
import { line, list } from "./values.ts";

/** The only setting that is read before the others: the services in these files have settings too. */
export const pluginFiles = setting(list(line).default([]), {
  env: "KINORA_PLUGINS",
  meaning:
    "Files of your own services, with commas, such as `./counts.ts`; the same in every process. They run with all rights of this server.",
  otherwise: "none",
});

/** The folder of all data, where `kinora.yml` is. */
export const dataFolder = setting(line.default("./data"), {
  env: "KINORA_DATA",
  flag: "--data",
  meaning: "Folder of all data, and of `kinora.yml`.",
  path: "file",
});

const settings = settingsIn(z.object({ data: dataFolder, cluster: z.object({ plugins: pluginFiles }) }));

/** The files that the configuration names, absolute. Whatever else is wrong with it is left to `loadConfig`. */
export function pluginFilesOf(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string[] {
  const { sources } = readSources(env, cwd, settings, fromFlags(argv, settings));
  const names = pluginFiles.safeParse(mergeSources(sources).get("cluster.plugins")?.value);
  return (names.data ?? []).map((name) => resolve(cwd, name));
}
