import { Commits, noting } from "../db/positions.ts";
import type { ServerContext } from "./server-call.ts";

/** The trailer in which a process that has replicas tells where the log stood after the commits of a call. */
export const commitsHeader = "kinora-commits";

/** Runs a call, and has its commits told with its answer or its error. */
export async function toldCommits<R>(context: ServerContext, run: () => Promise<R>): Promise<R> {
  const commits = new Commits();
  try {
    return await noting(commits, run);
  } finally {
    context.endTrailers = { [commitsHeader]: commits.text };
  }
}

/** Reads what an answer tells of commits, once for each attempt of a call. */
export class ToldCommits {
  readonly #commits: Commits;
  #isTold = false;

  constructor(commits: Commits) {
    this.#commits = commits;
  }

  read(text: unknown): void {
    if (typeof text !== "string") return;
    this.#isTold = true;
    this.#commits.read(text);
  }

  /** The attempt is over: a command that told nothing may have committed all the same. */
  end(kind: string, isUnsent: boolean): void {
    if (!this.#isTold && kind === "command" && !isUnsent) this.#commits.lose();
  }
}
