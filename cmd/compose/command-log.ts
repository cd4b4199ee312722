import { hostname } from "node:os";
import type { Config } from "../../src/kernel/config/load.ts";
import { pinoLog } from "../../src/kernel/log/pino.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import packageJson from "../../package.json" with { type: "json" };
import { logFormatOf } from "./announcement.ts";

/** The log of a process that runs no services, with the name of its command. */
export const openCommandLog = (config: Config, command: string): Log =>
  pinoLog({
    level: () => config.telemetry.logLevel,
    format: logFormatOf(config),
    instance: [hostname(), config.data, command].join(":"),
    version: packageJson.version,
  });
