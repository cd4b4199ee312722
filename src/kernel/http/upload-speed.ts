import type { IncomingMessage } from "node:http";
import type { HttpLimits } from "./limits.ts";

interface Receiving {
  /** The beginning of the window, and the bytes that came in it. */
  sinceMs: number;
  bytes: number;
  readonly cut: () => void;
}

/** The floor of speed for bodies that arrive: an upload may take hours, but not hang (security S8.7). */
export class UploadSpeed {
  readonly #limits: HttpLimits;
  readonly #receiving = new Map<IncomingMessage, Receiving>();

  constructor(limits: HttpLimits) {
    this.#limits = limits;
  }

  /** `cut` is called once, when the average speed was below the floor while the server waited for bytes. */
  watch(request: IncomingMessage, cut: () => void): void {
    const speed = { sinceMs: performance.now(), bytes: 0, cut };
    // The parser hands all bytes of a body to this method, under HTTP/1.1 and HTTP/2 alike; a listener would make them flow.
    const push = request.push.bind(request);
    request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      if (chunk) speed.bytes += chunk.length;
      return push(chunk, encoding);
    };
    this.#receiving.set(request, speed);
    request.once("end", () => this.#receiving.delete(request));
  }

  forget(request: IncomingMessage): void {
    this.#receiving.delete(request);
  }

  check(nowMs: number): void {
    const { uploadMs, bytesPerSecondMin } = this.#limits;
    for (const [request, speed] of this.#receiving) {
      const elapsedMs = nowMs - speed.sinceMs;
      const isTooSlow = speed.bytes < (bytesPerSecondMin * elapsedMs) / 1_000;
      // Bytes that wait are ours to read: a client is not measured by a slow disk.
      if (request.complete || request.destroyed) this.#receiving.delete(request);
      else if (request.readableLength > 0) Object.assign(speed, { sinceMs: nowMs, bytes: 0 });
      else if (elapsedMs < uploadMs) continue;
      else if (!isTooSlow) Object.assign(speed, { sinceMs: nowMs, bytes: 0 });
      else {
        this.#receiving.delete(request);
        speed.cut();
      }
    }
  }
}
