import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { loadConfig } from "./compose/config.ts";
import { exitProcess } from "../src/kernel/process/process-exit.ts";

// Stripping types takes most of the time of a start, so stripped files are cached beside the packages.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/kinora"));

try {
  const { config, help } = loadConfig(process.argv.slice(2), process.env, process.cwd());
  if (help !== undefined) console.log(help);
  else {
    const { start } = await import("./compose/server.ts");
    await start(config);
  }
} catch (error) {
  const { explain } = await import("./compose/explain.ts");
  const { text, code } = explain(error);
  console.error(text);
  exitProcess(code);
}
