import { join } from "node:path";
import { loadConfig } from "./config.ts";
import { examine } from "../src/kernel/doctor/doctor.ts";
import { exitWhenDone } from "../src/kernel/process/process-exit.ts";
import { decoders } from "./decoders.ts";
import { explain } from "./explain.ts";
import { rebuild } from "./rebuild.ts";
import { resetting } from "./resetting.ts";
import { roleNames } from "./services.ts";
import { sql } from "./sql.ts";
import { transferring } from "./transferring.ts";
import { undo } from "./undo.ts";
import { verify } from "./verify.ts";

const root = join(import.meta.dirname, "..");
const marks = { ok: "✔", warn: "!", missing: "✖" } as const;

const doctorUsage = `kinora doctor [--verify [--hashes] | --undo-upgrade] [the flags of npm start]

Says what this machine has and lacks for Kinora, and how to mend it. Changes nothing.

  --verify         looks through the data folder of a stopped Kinora for what must never be
  --hashes         with --verify: also reads every stored byte and compares it with what was stored
  --undo-upgrade   puts the databases of a stopped Kinora back as they were before its last upgrade

Exit codes: 0 all is well · 1 something is missing, wrong or could not be done · 2 wrong arguments`;

type Run = (argv: readonly string[], environment: NodeJS.ProcessEnv, says: Console) => Promise<number>;
const commands: Readonly<Record<string, Run>> = { doctor, rebuild, user: resetting, transfer: transferring, sql };

const [name = "", ...rest] = process.argv.slice(2);
exitWhenDone();
try {
  process.exitCode = await (Object.hasOwn(commands, name) ? commands[name] : unknown)?.(rest, process.env, console);
} catch (error) {
  const { text, code } = explain(error);
  console.error(text);
  process.exitCode = code;
}

async function unknown(): Promise<number> {
  const isHelp = name === "--help" || name === "-h";
  const names = `commands are ${Object.keys(commands).join(", ")}; each has --help`;
  console[isHelp ? "log" : "error"](isHelp || name === "" ? names : `there is no command ${name}; ${names}`);
  return isHelp ? 0 : 2;
}

async function doctor(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const own = ["--verify", "--hashes", "--undo-upgrade"].filter((flag) => argv.includes(flag));
  const flags = argv.filter((word) => !own.includes(word));
  if (argv.includes("--help") || argv.includes("-h")) {
    console.log(doctorUsage);
    return 0;
  }
  if (own.includes("--undo-upgrade") ? own.length > 1 : own[0] === "--hashes") {
    console.error(
      `${own.join(" ")} do not go together: --hashes needs --verify, --undo-upgrade goes alone\n\n${doctorUsage}`,
    );
    return 2;
  }
  if (own.length === 0) return examined(flags, environment);
  const { config } = loadConfig(flags, environment, process.cwd());
  if (own.includes("--undo-upgrade")) {
    const { says, isDone } = await undo(config);
    console.log(`${isDone ? marks.ok : marks.missing} ${says}`);
    return isDone ? 0 : 1;
  }
  const findings = await verify(config, { readsAll: own.includes("--hashes") });
  for (const { service, finding } of findings) console.log(`✖ ${service}: ${finding}`);
  console.log(findings.length === 0 ? "✔ everything is as it must be" : `${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

async function examined(flags: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const findings = await examine(flags, environment, process.cwd(), root, decoders, roleNames);
  for (const { name: what, state, says, mend } of findings) {
    console.log(`${marks[state]} ${what}: ${says}`);
    if (state !== "ok" && mend) console.log(`    ${mend}`);
  }
  return findings.some(({ state }) => state === "missing") ? 1 : 0;
}
