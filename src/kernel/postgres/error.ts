/** The reason why the embedded database cannot run. */
export type PostgresReason =
  | "in_use"
  | "newer_version"
  | "older_version"
  | "damaged"
  | "read_only"
  | "disk_full"
  | "no_binaries"
  | "not_isolated"
  | "failed";

/** The embedded database cannot run; the message is for its operator and says what to do. */
export class PostgresError extends Error {
  override readonly name = "PostgresError";
  readonly reason: PostgresReason;
  /** The process that holds the data folder, when the reason is `in_use`. */
  readonly holderPid: number | undefined;

  constructor(reason: PostgresReason, message: string, options: { cause?: unknown; holderPid?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.holderPid = options.holderPid;
  }
}

/** The error number of a failed system call, such as `EACCES`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error && "code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Gives file system errors their reason; anything else passes unchanged. */
export function fromSystem(error: unknown, folder: string): unknown {
  const code = systemCode(error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return new PostgresError("read_only", `the data folder ${folder} cannot be written`, { cause: error });
  if (code === "ENOTDIR" || code === "EEXIST")
    return new PostgresError("read_only", `the data folder ${folder} is not a folder`, { cause: error });
  if (code === "ENOSPC" || code === "EDQUOT")
    return new PostgresError("disk_full", `there is no space left for the database in ${folder}`, { cause: error });
  return error;
}

type Meaning = readonly [RegExp, PostgresReason, string];
/** The meanings of the server's last lines, in the order in which they are looked for. */
const meanings: readonly Meaning[] = [
  [/No space left on device|Disk quota exceeded/, "disk_full", "there is no space left for the database in"],
  [/Read-only file system|Permission denied/, "read_only", "the database cannot write its files in"],
  [/shared memory block .* is still in use|lock file .* already exists/, "in_use", "another server still uses"],
  [
    /checkpoint record|control file|PANIC|invalid (?:page|magic number|record)|could not (?:open|read|access|stat|locate)|not a (?:directory|database cluster)|is not a valid data directory|missing|corrupt/,
    "damaged",
    "the database files are damaged: restore a backup of",
  ],
];
const unknown: Meaning = [/^/, "failed", "the database did not start in"];

/** The error for a server that ended before it was ready, from the end of its log. */
export function fromServer(log: readonly string[], data: string): PostgresError {
  const text = log.join("\n");
  const [, reason, words] = meanings.find(([pattern]) => pattern.test(text)) ?? unknown;
  const last = log.slice(-6).join("\n  ");
  return new PostgresError(reason, `${words} ${data}; it said:\n  ${last || "nothing"}`);
}
