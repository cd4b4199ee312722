import type { Host } from "#kernel";
import type { CacheReport } from "#kernel/cache/policy";
import type { z } from "zod";
import { cache, type Report } from "./contract.ts";

/** A process reports every five seconds, and that it stops; one that is silent for this long has ended. */
const silentMs = 20_000;
const processesMax = 1_000;
/** A process of this service that is slower is left out. */
const waitMs = 1_000;

export interface ProcessReport {
  readonly process: string;
  readonly ageMs: number;
  readonly reports: z.output<typeof Report>[];
}
interface Received {
  readonly atMs: number;
  readonly reports: z.output<typeof Report>[];
}

/** The caches of each process, as it last reported them. Nothing of it is stored: each process reports again. */
export class ProcessReports {
  readonly #host: Pick<Host, "caches" | "instance" | "peers" | "call">;
  readonly #received = new Map<string, Received>();

  constructor(host: Pick<Host, "caches" | "instance" | "peers" | "call">) {
    this.#host = host;
  }

  /** Without a report, the process stops. */
  record(process: string, reports: z.output<typeof Report>[]): void {
    this.#received.delete(process);
    if (reports.length === 0) return;
    this.#received.set(process, { atMs: performance.now(), reports });
    for (const [name, { atMs }] of this.#received) {
      if (this.#received.size <= processesMax && performance.now() - atMs < silentMs) break;
      this.#received.delete(name);
    }
  }

  /** This process, and those that reported to it. */
  listReceived(): ProcessReport[] {
    const { caches, instance } = this.#host;
    const otherProcesses = [...this.#received]
      .filter(([process, { atMs }]) => process !== instance && performance.now() - atMs < silentMs)
      .map(([process, { atMs, reports }]) => ({ process, ageMs: performance.now() - atMs, reports }));
    return [{ process: instance, ageMs: 0, reports: [...caches.reports()] }, ...otherProcesses];
  }

  /** Reports of all processes, of each the newest that a process of this service has. */
  async all(): Promise<ProcessReport[]> {
    const { peers, call } = this.#host;
    const answers = await Promise.all(
      peers(cache).map((peer) =>
        peer.reports({}, call({ waitMs })).then(
          ({ items }) => items,
          () => [],
        ),
      ),
    );
    const newest = new Map<string, ProcessReport>();
    for (const report of [...this.listReceived(), ...answers.flat()]) {
      const other = newest.get(report.process);
      if (!other || report.ageMs < other.ageMs) newest.set(report.process, report);
    }
    return [...newest.values()];
  }
}

/** The reports of one cache by its name, in all processes. Pure. */
export const reportsByName = (processes: readonly ProcessReport[]): Map<string, CacheReport[]> =>
  Map.groupBy(
    processes.flatMap(({ reports }) => reports),
    ({ name }) => name,
  );
