import type { Fanout } from "./port.ts";

/** Within this process. */
export class LocalFanout implements Fanout {
  readonly #handlers = new Map<string, Set<(bytes: Uint8Array) => void>>();

  publish(topic: string, bytes: Uint8Array): void {
    // A copy: a handler may end its subscription, or begin another one.
    for (const handler of Array.from(this.#handlers.get(topic) ?? [])) handler(bytes);
  }

  subscribe(topic: string, handler: (bytes: Uint8Array) => void): () => void {
    const handlers = this.#handlers.get(topic) ?? new Set();
    this.#handlers.set(topic, handlers);
    // A function of its own for each subscription, so that one handler may subscribe twice.
    const ownHandler = (bytes: Uint8Array) => handler(bytes);
    handlers.add(ownHandler);
    return () => {
      handlers.delete(ownHandler);
      if (handlers.size === 0 && this.#handlers.get(topic) === handlers) this.#handlers.delete(topic);
    };
  }
}
