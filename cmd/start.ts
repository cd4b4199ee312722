import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { loadConfig } from "./compose/config.ts";
import { remoteConfigOf } from "../src/kernel/config/load.ts";
import { addPlugins } from "./plugins.ts";
import { roles } from "./services.ts";
import { exitProcess } from "../src/kernel/process/process-exit.ts";

// Stripping types takes most of the time of a start, so stripped files are cached beside the packages.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/kinora"));

try {
  const [argv, cwd] = [process.argv.slice(2), process.cwd()];
  await addPlugins(argv, process.env, cwd);
  const remote = remoteConfigOf(argv, process.env, cwd, roles);
  const remoteConfig = remote && (await import("./compose/fleet/remote-config.ts"));
  if (remote) await remoteConfig?.copyRemoteConfig(remote, (sentence) => console.error(sentence));
  const load = () => loadConfig(argv, process.env, cwd);
  const loaded = load();
  const { config, help } = loaded;
  if (help !== undefined) console.log(help);
  else if (config.cluster.topology !== "one") {
    const { superviseTopology } = await import("./topology/supervisor.ts");
    await superviseTopology({ loaded, argv, environment: process.env, cwd });
  } else {
    const { start } = await import("./compose/server.ts");
    await start(config, {
      follow: (apply, log) =>
        remote && remoteConfig?.followRemoteConfig({ remote, config, load: () => load().config, apply, log }),
    });
  }
} catch (error) {
  const { explain } = await import("./compose/explain.ts");
  const { text, code } = explain(error);
  console.error(text);
  exitProcess(code);
}
