import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { loadConfig } from "./compose/config.ts";
import { exitProcess } from "../src/kernel/process/process-exit.ts";

// Stripping types takes most of the time of a start, so stripped files are cached beside the packages.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/kinora"));

try {
  const [argv, cwd] = [process.argv.slice(2), process.cwd()];
  const loaded = loadConfig(argv, process.env, cwd);
  const { config, help } = loaded;
  if (help !== undefined) console.log(help);
  else if (config.cluster.topology !== "one") {
    const { superviseTopology } = await import("./topology/supervisor.ts");
    await superviseTopology({ loaded, argv, environment: process.env, cwd });
  } else {
    const { start } = await import("./compose/server.ts");
    await start(config);
  }
} catch (error) {
  const { explain } = await import("./compose/explain.ts");
  const { text, code } = explain(error);
  console.error(text);
  exitProcess(code);
}
