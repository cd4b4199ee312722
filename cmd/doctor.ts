import { join } from "node:path";
import type { Config } from "../src/kernel/config/load.ts";
import { examine, type Finding } from "../src/kernel/doctor/doctor.ts";
import { loadConfig } from "./compose/config.ts";
import { chainChecks } from "./doctor/chains.ts";
import { decoders } from "./doctor/decoders.ts";
import { moveChecks } from "./doctor/move.ts";
import { embeddingsCheck } from "./doctor/embeddings.ts";
import { fleetChecks } from "./doctor/fleet.ts";
import { providerChecks } from "./doctor/providers.ts";
import { registryCheck } from "./doctor/registry.ts";
import { searchCheck } from "./doctor/search.ts";
import { undoUpgrade } from "./doctor/undo-upgrade.ts";
import { verify } from "./doctor/verify.ts";
import { roles } from "./services.ts";

const root = join(import.meta.dirname, "..");
const marks = { ok: "✔", warn: "!", missing: "✖" } as const;
type Output = Pick<Console, "log" | "error">;

const usage = `npm run doctor -- [--verify [--hashes] | --undo-upgrade] [the flags of npm start]

Says what this machine has and lacks for Kinora, and how to mend it. Changes nothing.

  --verify         looks through the data folder for what must never be, beside a running server too
  --hashes         with --verify: also reads every stored byte and compares it with what was stored
  --undo-upgrade   puts the databases of a stopped Kinora back as they were before its last upgrade

Exit codes: 0 all is well · 1 something is missing, wrong or could not be done · 2 wrong arguments`;

/** Yields the exit code. */
export async function doctor(argv: readonly string[], environment: NodeJS.ProcessEnv, output: Output): Promise<number> {
  const ownFlags = ["--verify", "--hashes", "--undo-upgrade"].filter((flag) => argv.includes(flag));
  const flags = argv.filter((word) => !ownFlags.includes(word));
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  if (ownFlags.includes("--undo-upgrade") ? ownFlags.length > 1 : ownFlags[0] === "--hashes") {
    output.error(
      `${ownFlags.join(" ")} do not go together: --hashes needs --verify, --undo-upgrade goes alone\n\n${usage}`,
    );
    return 2;
  }
  if (ownFlags.length === 0) return examineMachine(flags, environment, output);
  const { config } = loadConfig(flags, environment, process.cwd());
  if (ownFlags.includes("--undo-upgrade")) {
    const { says, isDone } = await undoUpgrade(config);
    output.log(`${isDone ? marks.ok : marks.missing} ${says}`);
    return isDone ? 0 : 1;
  }
  const findings = await verify(config, { readsAll: ownFlags.includes("--hashes") });
  for (const { service, finding } of findings) output.log(`✖ ${service}: ${finding}`);
  output.log(findings.length === 0 ? "✔ everything is as it must be" : `${findings.length} findings`);
  return findings.length === 0 ? 0 : 1;
}

async function examineMachine(
  flags: readonly string[],
  environment: NodeJS.ProcessEnv,
  { log }: Output,
): Promise<number> {
  const findings = await examine(flags, environment, process.cwd(), root, partChecks, roles);
  for (const { name, state, says, mend } of findings) {
    log(`${marks[state]} ${name}: ${says}`);
    if (state !== "ok" && mend) log(`    ${mend}`);
  }
  return findings.some(({ state }) => state === "missing") ? 1 : 0;
}

/** Checks of parts outside the kernel. */
const partChecks = async (config: Config, searchPath: string): Promise<Finding[]> => [
  ...(await decoders(config, searchPath)),
  await searchCheck(config),
  ...(await embeddingsCheck(config)),
  ...(await registryCheck(config)),
  ...(await chainChecks(config)),
  ...(await providerChecks(config)),
  ...(await moveChecks(config)),
  ...(await fleetChecks(config)),
];
