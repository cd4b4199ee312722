/** One thing that is wrong with the configuration. */
export interface Problem {
  /** The place where it was set, as its author wrote it: `--port`, `KINORA_PORT`, `kinora.yml: server.port`. */
  readonly where: string;
  readonly says: string;
}

/** The configuration cannot be used; every problem is named at once. A process that sees it ends with {@link exitCode}. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly exitCode = 2;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ where, says }) => `${where}: ${says}`).join("\n"));
    this.problems = problems;
  }
}
