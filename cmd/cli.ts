import { exitWhenDone } from "../src/kernel/process/process-exit.ts";
import { addPlugins } from "./plugins.ts";
import { explain } from "./compose/explain.ts";

type Command = (argv: readonly string[], environment: NodeJS.ProcessEnv, output: Console) => Promise<number>;
/** The code of a command is imported where it runs. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: async () => (await import("./doctor.ts")).doctor,
  rebuild: async () => (await import("./rebuild.ts")).rebuild,
  evaluate: async () => (await import("./evaluate.ts")).evaluate,
  user: async () => (await import("./user.ts")).user,
  transfer: async () => (await import("./transfer.ts")).transfer,
  sql: async () => (await import("./sql.ts")).sql,
  migrate: async () => (await import("./migrate.ts")).migrate,
  move: async () => (await import("./move.ts")).move,
  partition: async () => (await import("./partition.ts")).partition,
  backup: async () => (await import("./backup.ts")).backup,
  keys: async () => (await import("./keys.ts")).keys,
  certs: async () => (await import("./certs.ts")).certs,
  manifests: async () => (await import("./manifests.ts")).manifests,
  runner: async () => (await import("./runner.ts")).runner,
  service: async () => (await import("./service.ts")).service,
  database: async () => (await import("./database.ts")).database,
  "start-all": async () => (await import("./start-all.ts")).startAll,
  "stop-all": async () => (await import("./stop-all.ts")).stopAll,
};

const [name = "", ...args] = process.argv.slice(2);
exitWhenDone();
try {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  await addPlugins(args, process.env, process.cwd());
  process.exitCode = load ? await (await load())(args, process.env, console) : unknownCommand();
} catch (error) {
  const { text, code } = explain(error);
  console.error(text);
  process.exitCode = code;
}

function unknownCommand(): number {
  const isHelp = name === "--help" || name === "-h";
  const names = `commands are ${Object.keys(commands).join(", ")}; each has --help`;
  console[isHelp ? "log" : "error"](isHelp || name === "" ? names : `there is no command ${name}; ${names}`);
  return isHelp ? 0 : 2;
}
