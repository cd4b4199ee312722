import { join } from "node:path";
import { exitWhenDone } from "../../src/kernel/process/process-exit.ts";

/*
 * Runs once before the processes of a topology start. It loads their code, so that there are copies without types: else
 * each of them removes the types of a thousand files at a first start. Its arguments are those of `kinora migrate`, where there are tables to bring up to date.
 */
exitWhenDone();

const { explain } = await import("../compose/explain.ts");
try {
  const argv = process.argv.slice(2);
  const { addPlugins } = await import("../plugins.ts");
  await addPlugins(argv, process.env, process.cwd());
  // It would start a server.
  (await import("./stripped-source.mjs")).sourceOf(join(import.meta.dirname, "../start.ts"));
  const { loadContracts, loadPlugins } = await import("../services.ts");
  await Promise.all([
    import("../compose/server.ts"),
    import("../compose/fleet/cluster.ts"),
    import("../compose/rpc.ts"),
    import("../compose/gateway/gateway-rpc.ts"),
    import("../compose/gateway/gateway-server.ts"),
    import("../compose/fleet/remote-config.ts"),
    loadContracts(),
    loadPlugins(),
  ]);
  const { migrate } = await import("../migrate.ts");
  if (argv.length > 0) process.exitCode = await migrate(argv, process.env, console);
} catch (error) {
  const { text, code } = explain(error);
  console.error(text);
  process.exitCode = code;
}
