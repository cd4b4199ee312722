import type { Id, Log } from "#kernel";
import type { ClientOf } from "../client-of.ts";
import { RoomEdge } from "./room-edge.ts";

/** A room that nobody has asked for during this time is followed no longer. */
const unusedMs = 60_000;
const checkMs = 10_000;

/** The rooms that viewers of this process watch. */
export class RoomEdges {
  readonly #parts: { readonly client: ClientOf; readonly log: Log };
  readonly #open = new Map<Id, RoomEdge>();
  readonly #timer: NodeJS.Timeout;

  constructor(parts: { readonly client: ClientOf; readonly log: Log }) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#closeUnused(), checkMs).unref();
  }

  of(id: Id): RoomEdge {
    const edge = this.#open.get(id) ?? new RoomEdge({ ...this.#parts, id });
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
