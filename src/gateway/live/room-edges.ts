import type { Id, Log } from "#kernel";
import type { ClientOf } from "../client-of.ts";
import { metricName } from "#kernel/telemetry/names";
import type { Metrics } from "#kernel/telemetry/port";
import { type EdgeCounters, RoomEdge } from "./room-edge.ts";

/** A room without requests during this time is followed no longer. */
const unusedMs = 60_000;
const checkMs = 10_000;

interface EdgesParts {
  readonly client: ClientOf;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The rooms that viewers of this process watch. */
export class RoomEdges {
  readonly #parts: EdgesParts;
  readonly #counters: EdgeCounters;
  readonly #open = new Map<Id, RoomEdge>();
  readonly #timer: NodeJS.Timeout;

  constructor(parts: EdgesParts) {
    this.#parts = parts;
    const { metrics } = parts;
    const came = metrics.counter(
      metricName("live", "parts_total"),
      "parts of live streams that came to this process for its viewers",
    );
    const built = metrics.counter(
      metricName("live", "playlists_built_total"),
      "playlists of live streams that were rendered",
    );
    this.#counters = { part: () => came.add(), playlist: () => built.add() };
    metrics.gauge(
      metricName("live", "waiting_requests"),
      "requests that wait for the next part of a live stream",
      [],
      async () => [[[...this.#open.values()].reduce((sum, { waiting }) => sum + waiting, 0), {}]],
    );
    this.#timer = setInterval(() => this.#closeUnused(), checkMs).unref();
  }

  of(id: Id): RoomEdge {
    const edge = this.#open.get(id) ?? new RoomEdge({ ...this.#parts, id, counters: this.#counters });
    this.#open.set(id, edge);
    edge.usedMs = performance.now();
    return edge;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const edge of this.#open.values()) edge.close();
    this.#open.clear();
  }

  #closeUnused(): void {
    const since = performance.now() - unusedMs;
    for (const [id, edge] of this.#open)
      if (edge.usedMs < since && edge.waiting === 0) {
        edge.close();
        this.#open.delete(id);
      }
  }
}
