import type { Format, Frame } from "#media/frames/frame";

/** Frames since the newest key frame that a subscriber begins with. */
const keptBytesMax = 16 * 2 ** 20;
const keptFramesMax = 3_000;

export type FeedEvent = Format | Frame | { readonly kind: "restart" } | { readonly kind: "end" };

/** The frames of a stream on its output's clock, with their formats before them, for subscribers that come at any time. */
export class FrameFeed {
  readonly #listeners = new Set<(event: FeedEvent) => void>();
  readonly #formats = new Map<Format["kind"], Format>();
  #kept: Frame[] = [];
  #keptBytes = 0;
  #hasLead = false;
  #isEnded = false;

  /** The beginning for a new subscriber: formats, then frames from the newest key frame on. */
  get newest(): readonly (Format | Frame)[] {
    return [...this.#formats.values(), ...this.#kept];
  }

  get formats(): ReadonlyMap<Format["kind"], Format> {
    return this.#formats;
  }

  /** Pictures are sent in another order than they are shown. */
  get isReordered(): boolean {
    return this.#kept.some((frame) => frame.kind === "video" && frame.pts !== frame.dts);
  }

  /** Waits for the first format, at most `patienceMs`, and answers whether there is one. */
  async hasBegun(signal: AbortSignal, patienceMs: number): Promise<boolean> {
    if (this.#formats.size > 0 || signal.aborted) return this.#formats.size > 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patienceMs).unref();
    const stop = (): void => resolve();
    signal.addEventListener("abort", stop, { once: true });
    const unsubscribe = this.subscribe((event) => {
      if ("config" in event || event.kind === "end") resolve();
    });
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    unsubscribe();
    return this.#formats.size > 0;
  }

  /** Calls `listener` with what comes, until the function that is returned is called. */
  subscribe(listener: (event: FeedEvent) => void): () => void {
    if (this.#isEnded) listener({ kind: "end" });
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  format(format: Format): void {
    this.#formats.set(format.kind, format);
    this.#forget();
    this.#publish(format);
  }

  frame(frame: Frame): void {
    const isStart = frame.kind === "video" ? frame.isKey : !this.#formats.has("video");
    if (isStart) this.#forget();
    this.#hasLead ||= isStart;
    // A group that is too long is not kept in part: it could not be decoded.
    if (this.#keptBytes > keptBytesMax || this.#kept.length >= keptFramesMax) {
      this.#forget();
      this.#hasLead = false;
    }
    if (this.#hasLead) {
      this.#kept.push(frame);
      this.#keptBytes += frame.bytes.length;
    }
    this.#publish(frame);
  }

  /** Another publisher begins, with formats of its own. */
  restart(): void {
    this.#formats.clear();
    this.#forget();
    this.#hasLead = false;
    this.#publish({ kind: "restart" });
  }

  end(): void {
    this.#isEnded = true;
    this.#publish({ kind: "end" });
    this.#listeners.clear();
  }

  #forget(): void {
    this.#kept = [];
    this.#keptBytes = 0;
  }

  #publish(event: FeedEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
