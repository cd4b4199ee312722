import { ConfigError } from "../../src/kernel/config/load.ts";
import { fullReason, isFull } from "../../src/kernel/db/connections/full.ts";
import { SealedElsewhere } from "../../src/kernel/keys/keyring.ts";
import { NumbersExhausted } from "../../src/kernel/ids/nodes/id-source.ts";
import { NewerSchema } from "../../src/kernel/db/upgrade/migrate.ts";
import { NoCopy, OlderProcesses } from "../../src/kernel/db/upgrade/upgrade.ts";
import { PostgresError } from "../../src/kernel/postgres/postgres.ts";
import { JobMissing } from "../../src/kernel/db/upgrade/migration-job.ts";
import { ProcessFailed } from "./process-failed.ts";
import { PortUnavailable } from "./ports.ts";

const expectedErrors = [
  PostgresError,
  NewerSchema,
  NoCopy,
  OlderProcesses,
  JobMissing,
  NumbersExhausted,
  PortUnavailable,
];

/** Why a start failed, in words for its operator, and the exit code: 2 where the configuration is wrong. */
export function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof ConfigError) return { text: error.message, code: 2 };
  if (error instanceof SealedElsewhere) return { text: `Kinora cannot start: ${error.message}`, code: 2 };
  if (error instanceof ProcessFailed) return { text: `Kinora cannot start: ${error.message}`, code: error.exitCode };
  if (error instanceof Error && expectedErrors.some((expected) => error instanceof expected))
    return { text: `Kinora cannot start: ${error.message}`, code: 1 };
  if (isFull(error) || (error instanceof Error && isFull(error.cause)))
    return { text: `Kinora cannot start: ${fullReason}`, code: 1 };
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE" && "port" in error)
    return {
      text: `Kinora cannot start: port ${String(error.port)} is in use; choose another with --port or --rpc-port`,
      code: 1,
    };
  if (error instanceof Error && "code" in error && ["EACCES", "EROFS", "EPERM"].includes(String(error.code)))
    return {
      text: `Kinora cannot start: ${error.message}; the data folder must be writable, or choose another with --data`,
      code: 1,
    };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: 1 };
}
