import { once } from "node:events";
import { explain } from "../../cmd/compose/explain.ts";
import packageJson from "../../package.json" with { type: "json" };
import { loadConfig } from "../../cmd/compose/config.ts";
import { type Postgres, startPostgres } from "../../src/kernel/postgres/postgres.ts";

/*
 * The server of `npm run dev`: as cmd/start.ts, on the database of the process above it. It waits for `load` with the
 * packages in memory, so that after a change only our own files are read, and for `start` until its predecessor ended.
 */
const { DEV_POSTGRES_SOCKET: socket } = process.env;
/** These are loaded where they are used only, and are large. */
const isRare = (name: string): boolean => name === "node" || name.startsWith("@aws-sdk/");

const parentEnded = once(process, "disconnect").then(() => ({ code: null, signal: null }));
// The server must not outlive the terminal, whichever database it uses.
void parentEnded.then(() => process.kill(process.pid, "SIGTERM"));
for (const name of Object.keys(packageJson.dependencies)) if (!isRare(name)) await import(name).catch(() => undefined);
await once(process, "message");
try {
  const { start } = await import("../../cmd/compose/server.ts");
  const { addPlugins } = await import("../../cmd/plugins.ts");
  await addPlugins(process.argv.slice(2), process.env, process.cwd());
  const { loadPlugins } = await import("../../cmd/services.ts");
  await loadPlugins();
  await once(process, "message");
  const { config } = loadConfig(process.argv.slice(2), process.env, process.cwd());
  await start(config, { postgres: socket === undefined ? startPostgres : async () => postgresAt(socket) });
  process.send?.("ready");
} catch (error) {
  const { text, code } = explain(error);
  console.error(text);
  process.exit(code);
}

/** The database of the process above: it ends with that one, not with this one. */
function postgresAt(folder: string): Postgres {
  return {
    socket: folder,
    user: "kinora",
    pid: process.ppid,
    major: 0,
    exited: parentEnded,
    [Symbol.asyncDispose]: async () => undefined,
  };
}
