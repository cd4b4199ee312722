import { join } from "node:path";
import { loadConfig } from "../src/kernel/config/load.ts";
import { examine } from "../src/kernel/doctor.ts";
import { decoders } from "./decoders.ts";
import { explain } from "./explain.ts";
import { rebuild } from "./rebuild.ts";
import { resetting } from "./resetting.ts";
import { transferring } from "./transferring.ts";
import { undo } from "./undo.ts";
import { verify } from "./verify.ts";

/*
 *   doctor             what this machine has and lacks, and how to mend it
 *   doctor --verify    looks through a stopped data folder for what must never be; with --hashes it also reads every
 *                      stored byte and compares it with what was stored
 *   doctor --undo-upgrade   puts the databases of a stopped Kinora back as they were before its last upgrade
 *   rebuild [SERVICE…]   works out again what is counted and copied, whether the server runs or not
 *   user reset-link NAME   a link by which somebody sets a new password, whether the server runs or not
 *   transfer …         moves, copies, checks and repairs stored files of a running server; `transfer --help` says how
 */
const root = join(import.meta.dirname, "..");
const marks = { ok: "✔", warn: "!", missing: "✖" } as const;

const [command, ...rest] = process.argv.slice(2);
const isVerify = rest.includes("--verify");
const own = ["--verify", "--hashes", "--undo-upgrade"];
const argv = rest.filter((word) => !own.includes(word));
try {
  if (command === "transfer") process.exitCode = await transferring(rest, process.env, console);
  else if (command === "rebuild") process.exitCode = await rebuild(rest, process.env, console);
  else if (command === "user") process.exitCode = await resetting(rest, process.env, console);
  else if (command !== "doctor") {
    console.error(
      "commands are: doctor [--verify [--hashes] | --undo-upgrade] [the flags of npm start], rebuild, user, transfer",
    );
    process.exitCode = 2;
  } else if (isVerify) {
    const { config } = loadConfig(argv, process.env, process.cwd());
    const findings = await verify(config, { readsAll: rest.includes("--hashes") });
    for (const { service, finding } of findings) console.log(`✖ ${service}: ${finding}`);
    console.log(findings.length === 0 ? "✔ everything is as it must be" : `${findings.length} findings`);
    process.exitCode = findings.length === 0 ? 0 : 1;
  } else if (rest.includes("--undo-upgrade")) {
    const { config } = loadConfig(argv, process.env, process.cwd());
    const { says, isDone } = await undo(config);
    console.log(`${isDone ? marks.ok : marks.missing} ${says}`);
    process.exitCode = isDone ? 0 : 1;
  } else {
    const findings = await examine(argv, process.env, process.cwd(), root, decoders);
    for (const { name, state, says, mend } of findings) {
      console.log(`${marks[state]} ${name}: ${says}`);
      if (state !== "ok" && mend) console.log(`    ${mend}`);
    }
    process.exitCode = findings.some(({ state }) => state === "missing") ? 1 : 0;
  }
} catch (error) {
  const { text, code } = explain(error);
  console.error(text);
  process.exitCode = code;
}
