import { exitWhenDone } from "../../src/kernel/process/process-exit.ts";

/*
 * Runs once before the processes of a topology start. It loads their code, so that Node's compile cache holds it: else
 * each of them strips the types of a thousand files at a first start, and all write the same cache when they stop. Its
 * arguments are those of `kinora migrate`, where there are tables to bring up to date.
 */
exitWhenDone();

const { explain } = await import("../compose/explain.ts");
try {
  const argv = process.argv.slice(2);
  const { addPlugins } = await import("../plugins.ts");
  await addPlugins(argv, process.env, process.cwd());
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
