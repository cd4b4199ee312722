import { pino } from "pino";
import type { Log } from "./port.ts";

interface LogOptions {
  readonly level: "error" | "warn" | "info" | "debug";
  readonly instance: string;
  readonly version: string;
  /** Where lines go; standard output unless a test listens. */
  readonly to?: { write(line: string): void };
}

/** JSON lines with the field names of conventions §7; fields that hold secrets are masked wherever they appear. */
export function pinoLog({ level, instance, version, to }: LogOptions): Log {
  const options = {
    level,
    base: { instance, version },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretFields.flatMap((name) => [name, `*.${name}`]),
      censor: "[secret]",
    },
  };
  return wrap(to ? pino(options, to) : pino(options, pino.destination({ dest: 1, sync: false, minLength: 0 })));
}

const secretFields = ["password", "token", "refreshToken", "authorization", "cookie", "secret", "url"];

const wrap = (inner: ReturnType<typeof pino>): Log => ({
  error: (message, fields = {}) => inner.error(fields, message),
  warn: (message, fields = {}) => inner.warn(fields, message),
  info: (message, fields = {}) => inner.info(fields, message),
  debug: (message, fields = {}) => inner.debug(fields, message),
  with: (fields) => wrap(inner.child(fields)),
});
