import { hostname } from "node:os";
import { type Client, type Log, newCall } from "#kernel";
import { Loop } from "#kernel/process/loop";
import type { Metrics } from "#kernel/telemetry/port";
import type { Component, monitor, Sample } from "./contract.ts";
import { Sampler } from "./sampler.ts";

const minuteMs = 60_000;
/** How often the timer runs by which lateness is measured, and how often a change is looked for. */
const tickMs = 5_000;
/** The service is asked beside everything else: it may be away or slow. */
const waitMs = 5_000;
const lastWaitMs = 1_000;

type State = "starting" | "ready" | "draining" | "closed";

interface Parts {
  readonly client: Pick<Client<typeof monitor>, "report">;
  readonly metrics: Metrics;
  readonly instance: string;
  readonly version: string;
  /** The services of this process; the gateway is named like one. */
  readonly services: readonly string[];
  readonly state: () => Exclude<State, "closed">;
  readonly components: (samples: readonly Sample[]) => Promise<Component[]>;
  /** A text that is another one when an optional part of this process is lost or comes back. */
  readonly lacks: () => string;
  readonly log: Log;
}

export interface Reporter {
  /** Reports now: the state of the process is another one. */
  report(): void;
  /** Reports that the process stops. Never fails, and takes a second at most. */
  stop(): Promise<void>;
}

/**
 * Reports this process to the monitor service: in the middle of each minute by its own clock, and at once when its state
 * changes. Nothing waits for a report, and without the service there is none.
 */
export function startReporting(parts: Parts): Reporter {
  const startedAtMs = Date.now();
  const usage = new Usage();
  const sampler = new Sampler(parts.metrics);
  let lacks = parts.lacks();
  let sampledMs = Number.NEGATIVE_INFINITY;

  async function send(state: State): Promise<void> {
    const isMinute = state !== "closed" && performance.now() - sampledMs > minuteMs / 2;
    if (isMinute) sampledMs = performance.now();
    const measured = usage.measure(isMinute);
    const samples = isMinute ? await sampler.read() : [];
    const connections = samples.find(({ name }) => name === "connections_open")?.value;
    if (connections !== undefined) usage.connections = connections;
    const { client, instance, version, services, components } = parts;
    await client.report(
      {
        id: instance,
        host: hostname(),
        version,
        services: [...services],
        startedAtMs,
        state,
        ...measured,
        connections: usage.connections,
        components: state === "closed" ? [] : await components(samples),
        samples: isMinute ? [...samples, ...ownSamples(measured)] : [],
      },
      newCall({ waitMs: state === "closed" ? lastWaitMs : waitMs }),
    );
  }

  const loop = new Loop(
    async () => {
      await send(parts.state()).catch((error: unknown) => parts.log.debug("a report was not taken", { err: error }));
      // The middle of the next minute.
      return minuteMs - ((Date.now() + minuteMs / 2) % minuteMs);
    },
    (error) => parts.log.debug("a report was not made", { err: error }),
  );
  const ticks = setInterval(() => {
    usage.tick();
    const now = parts.lacks();
    if (now !== lacks) loop.wake();
    lacks = now;
  }, tickMs).unref();
  loop.wake();

  return {
    report: () => loop.wake(),
    async stop() {
      clearInterval(ticks);
      await loop.stop();
      await send("closed").catch(() => undefined);
    },
  };
}

interface Measured {
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly eventLoopLagMs: number;
}

/** Processor time and lateness since the last minute's measurement. */
class Usage {
  connections = 0;
  #cpu = process.cpuUsage();
  #atMs = performance.now();
  #tickedMs = performance.now();
  #lagMs = 0;
  #last: Measured | undefined;

  tick(): void {
    const now = performance.now();
    this.#lagMs = Math.max(this.#lagMs, now - this.#tickedMs - tickMs);
    this.#tickedMs = now;
  }

  /** Between two minutes the last measurement counts: a few milliseconds say nothing. */
  measure(isMinute: boolean): Measured {
    const now = performance.now();
    const elapsedMs = now - this.#atMs;
    if (!isMinute && this.#last) return { ...this.#last, memoryBytes: process.memoryUsage.rss() };
    const { user, system } = process.cpuUsage(this.#cpu);
    this.#last = {
      cpu: elapsedMs > 0 ? (user + system) / 1_000 / elapsedMs : 0,
      memoryBytes: process.memoryUsage.rss(),
      eventLoopLagMs: Math.max(0, this.#lagMs),
    };
    [this.#cpu, this.#atMs, this.#lagMs] = [process.cpuUsage(), now, 0];
    return this.#last;
  }
}

const ownSamples = ({ cpu, memoryBytes, eventLoopLagMs }: Measured): Sample[] => [
  { name: "process_cpu", labels: {}, value: cpu },
  { name: "process_memory_bytes", labels: {}, value: memoryBytes },
  { name: "process_event_loop_lag_seconds", labels: {}, value: eventLoopLagMs / 1_000 },
];
