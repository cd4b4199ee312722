import { readdirSync, readFileSync } from "node:fs";

const lookMs = 20;
const tickMs = 10;

/**
 * CPU of a process and of everything it starts. It includes processes that a sandbox starts and reaps in a namespace of
 * its own, which the kernel adds to no sum. The CPU after the last look at a process is missed: 20 ms at most.
 */
export class FamilyWatch {
  readonly #pid: number;
  readonly #before: number;
  /** By pid and start, for pids come again. */
  readonly #spent = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = pid;
    this.#look(pid);
    this.#before = this.#sum();
    this.#timer = setInterval(() => this.#look(pid), lookMs);
  }

  /** Milliseconds since the watch began. */
  end(): number {
    clearInterval(this.#timer);
    this.#look(this.#pid);
    return this.#sum() - this.#before;
  }

  #sum = (): number => [...this.#spent.values()].reduce((sum, ticks) => sum + ticks, 0) * tickMs;

  #look(pid: number): void {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      this.#spent.set(`${pid} ${fields[19]}`, Number(fields[11]) + Number(fields[12]));
      for (const task of readdirSync(`/proc/${pid}/task`))
        for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" "))
          if (child !== "") this.#look(Number(child));
    } catch {
      // It has ended; what it spent is known.
    }
  }
}
