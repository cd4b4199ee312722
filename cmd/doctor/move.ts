import { type Finding, missing, warn } from "../../src/kernel/doctor/finding.ts";
import { openSession } from "../../src/kernel/db/move/session.ts";
import { type MoveState, readMove } from "../../src/kernel/db/moved.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import { addressBeside } from "../compose/databases/running-databases.ts";
import { serviceNames } from "../services.ts";

/** Moves that have not ended, and moved tables whose processes would start on the old database; nothing where no server runs. */
export async function moveChecks(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const service of serviceNames) {
    const move = await moveOf(config, service).catch(() => undefined);
    if (move) findings.push(findingOf(service, move));
  }
  return findings;
}

async function moveOf(config: Config, service: string): Promise<MoveState | undefined> {
  const address = await addressBeside(config, service);
  if (address === undefined) return undefined;
  await using client = await openSession(address);
  return await readMove(client, service);
}

function findingOf(service: string, { role, place, setting, movedAtMs }: MoveState): Finding {
  if (role === "target")
    return missing("move", `the tables of ${service} are still being moved to ${place}`, "run npm run move again");
  if (movedAtMs !== null)
    return warn("move", `${service} was moved to ${place}`, `set ${setting} to that database before the next start`);
  return warn(
    "move",
    `a move of ${service} to ${place} was begun and has not ended`,
    "run npm run move again, or with --cancel",
  );
}
