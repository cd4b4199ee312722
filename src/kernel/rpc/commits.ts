import { Commits, recordCommits } from "../db/positions.ts";
import type { ServerContext } from "./server/server-call.ts";

/** The trailer in which a process that has replicas reports where the log stood after the commits of a call. */
export const commitsHeader = "kinora-commits";

/** Runs a call, and reports its commits with its answer or its error. */
export async function reportCommits<R>(context: ServerContext, run: () => Promise<R>): Promise<R> {
  const commits = new Commits();
  try {
    return await recordCommits(commits, run);
  } finally {
    context.endTrailers = { [commitsHeader]: commits.text };
  }
}

/** Reads the commits that an answer reports, once for each attempt of a call. */
export class ReportedCommits {
  readonly #commits: Commits;
  #isReported = false;

  constructor(commits: Commits) {
    this.#commits = commits;
  }

  read(text: unknown): void {
    if (typeof text !== "string") return;
    this.#isReported = true;
    this.#commits.read(text);
  }

  /** The attempt is over: a command that reported none may have committed all the same. */
  end(kind: string, isUnsent: boolean): void {
    if (!this.#isReported && kind === "command" && !isUnsent) this.#commits.lose();
  }
}
