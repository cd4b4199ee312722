import { exitWhenDone } from "../src/kernel/process/process-exit.ts";
import { explain } from "./compose/explain.ts";
import { backup } from "./backup.ts";
import { certs } from "./certs.ts";
import { doctor } from "./doctor.ts";
import { evaluate } from "./evaluate.ts";
import { keys } from "./keys.ts";
import { migrate } from "./migrate.ts";
import { partition } from "./partition.ts";
import { rebuild } from "./rebuild.ts";
import { sql } from "./sql.ts";
import { transfer } from "./transfer.ts";
import { user } from "./user.ts";

type Command = (argv: readonly string[], environment: NodeJS.ProcessEnv, output: Console) => Promise<number>;
const commands: Readonly<Record<string, Command>> = {
  doctor,
  rebuild,
  evaluate,
  user,
  transfer,
  sql,
  migrate,
  partition,
  backup,
  keys,
  certs,
};

const [name = "", ...args] = process.argv.slice(2);
exitWhenDone();
try {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  process.exitCode = command ? await command(args, process.env, console) : unknownCommand();
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
