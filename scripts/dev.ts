import { join } from "node:path";
import { explain } from "../cmd/compose/explain.ts";
import { assertPortsFree } from "../cmd/compose/ports.ts";
import { ownAddressOf } from "../src/kernel/config/public-address.ts";
import { ConfigError } from "../src/kernel/config/load.ts";
import { loadConfig } from "../cmd/compose/config.ts";
import { startPostgres } from "../src/kernel/postgres/postgres.ts";
import { freePort } from "./dev/free-port.ts";
import { Program } from "./dev/program.ts";
import { ReloadingServer } from "./dev/reloading-server.ts";

const usage = `npm run dev -- [--inspect[=PORT]] [the flags of npm start]

The server and the web app for development, at one address. A saved server file restarts the server, a saved web file
is replaced in the page. The database keeps running meanwhile. Ctrl-C ends everything.

  --inspect[=PORT]  the inspector of the server, on port 9229 or another
  npm start -- --help lists the other flags; --port is the address to open (8080)

Exit codes: 0 stopped · 1 it could not start · 2 wrong arguments
`;

const root = join(import.meta.dirname, "..");
const say = (message: string): void => console.log(`dev    │ ${message}`);

const words = process.argv.slice(2);
if (words.includes("--help") || words.includes("-h")) process.stdout.write(usage);
else await run(words).catch(fail);

async function run(all: readonly string[]): Promise<void> {
  const inspect = all.filter((word) => /^--inspect(?:=|$)/.test(word));
  const argv = all.filter((word) => !inspect.includes(word));
  const { config } = loadConfig(argv, process.env, process.cwd());
  if (config.server.tlsCert !== undefined)
    throw new ConfigError([{ where: "--tls-cert", says: "npm run dev speaks plain HTTP: leave it out" }]);
  await assertPortsFree(config);
  const port = config.server.port === 0 ? await freePort() : config.server.port;
  const address = ownAddressOf(config.server, port);
  const inner = String(await freePort());

  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (code: number): Promise<never> => {
    for (const step of stops.splice(0).toReversed()) await step();
    process.exit(code);
  };
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      if (!isStopping) void stop(0);
      isStopping = true;
    });

  const postgres =
    config.db.url === undefined ? await startPostgres(config.data, {}, (message) => say(message)) : undefined;
  if (postgres) stops.push(() => postgres[Symbol.asyncDispose]());
  void postgres?.exited.then(() => (isStopping ? undefined : stop(1)));

  const publicUrl = config.server.publicUrl === undefined ? ["--public-url", address] : [];
  const server = new ReloadingServer({
    root,
    // The last of two flags counts.
    argv: [...argv, "--host", "127.0.0.1", "--port", inner, ...publicUrl],
    nodeArguments: inspect,
    socket: postgres?.socket,
    say,
  });
  stops.push(() => server.stop());
  const web = new Program("web", {
    args: [
      join(root, "node_modules/vite/bin/vite.js"),
      "--host",
      config.server.host,
      "--port",
      String(port),
      "--strictPort",
    ],
    cwd: join(root, "web"),
    env: { KINORA_DEV_SERVER: `http://127.0.0.1:${inner}` },
  });
  stops.push(() => web.stop());
  void web.ended.then(({ code }) => (isStopping ? undefined : stop(code ?? 1)));
  if (await server.start()) say(`open ${address}`);
}

function fail(error: unknown): void {
  const { text, code } = explain(error);
  console.error(text);
  process.exit(code);
}
