import { type Logger, pino } from "pino";
import type { Log } from "./port.ts";
import { prettyLine } from "./pretty.ts";

type Level = (typeof levels)[number];
const levels = ["debug", "info", "warn", "error"] as const;

interface LogOptions {
  /** The lowest level that is logged, asked for each line. */
  readonly level: () => Level;
  readonly instance: string;
  readonly version: string;
  /** JSON lines for programs, which is the default, or lines for people. */
  readonly format?: "json" | "pretty";
  /** The destination of lines; standard output unless a test listens. */
  readonly to?: { write(line: string): void };
}

/** Lines with the same field names everywhere; fields that hold secrets are masked wherever they appear. */
export function pinoLog({ level, instance, version, format = "json", to }: LogOptions): Log {
  const options = {
    level: "debug",
    base: { instance, version },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => mask(fields),
    },
    serializers: { err: shownError },
  };
  const output = to ?? process.stdout;
  if (format === "pretty") {
    const hasColours = to === undefined;
    return wrap(pino(options, { write: (line) => void output.write(prettyLine(line, { hasColours })) }), level);
  }
  return wrap(pino(options, to ?? standardOutput()), level);
}

function standardOutput() {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 0 });
  // The supervisor that reads the lines has died. pino then ends its output; without this, sonic-boom 4.2 repeats the write
  // to the broken pipe without an end when the process exits.
  process.once("disconnect", () => destination.emit("error", Object.assign(new Error("no reader"), { code: "EPIPE" })));
  return destination;
}

const secretFields = new Set(["password", "token", "refreshToken", "authorization", "cookie", "secret", "salt", "url"]);

/** A value that is deeper than that, or that contains itself, is logged in part. */
const depthMax = 8;

/**
 * The fields of a line without secrets, in lists and objects too: the same object where there are none, as in almost every
 * line. The masks of `pino` copy each line, which was a tenth of what a request allocates.
 */
function mask<T extends object>(fields: T, depth = 1): T {
  let copy: object | undefined;
  for (const [name, value] of Object.entries(fields)) {
    const masked = secretFields.has(name) ? "[secret]" : isPlain(value) ? inside(value, depth) : (value as unknown);
    if (masked === value) continue;
    copy ??= Array.isArray(fields) ? [...(fields as unknown[])] : { ...fields };
    Object.assign(copy, { [name]: masked });
  }
  return (copy ?? fields) as T; // With the same names.
}
const inside = (value: object, depth: number): unknown => (depth < depthMax ? mask(value, depth + 1) : "…");
const isPlain = (value: unknown): value is object =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);

/**
 * The fields of an error in a line. An error of the database repeats rows (`detail`, `where`) and, where a value did
 * not fit, the value itself in its message: none of that is for a log.
 */
function shownError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? error : typeof error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const isOfData = "severity" in error && code?.startsWith("22") === true;
  const withoutData = (text: string) => (isOfData ? text.replaceAll(/"[^"]*"/g, '"…"') : text);
  return {
    type: error.name,
    message: withoutData(error.message),
    ...(error.stack !== undefined && { stack: withoutData(error.stack) }),
    ...(code !== undefined && { code }),
    ...(error.cause !== undefined && { cause: shownError(error.cause) }),
  };
}

function wrap(inner: Logger, level: () => Level): Log {
  const write = (lineLevel: Level, message: string, fields: object) => {
    if (levels.indexOf(lineLevel) >= levels.indexOf(level())) inner[lineLevel](fields, message);
  };
  return {
    error: (message, fields = {}) => write("error", message, fields),
    warn: (message, fields = {}) => write("warn", message, fields),
    info: (message, fields = {}) => write("info", message, fields),
    debug: (message, fields = {}) => write("debug", message, fields),
    with: (fields) => wrap(inner.child(mask(fields)), level),
  };
}
