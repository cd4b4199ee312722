import type { Child } from "../../process/children.ts";
import type { Format, Frame } from "../../frames/frame.ts";
import type { RungOutput, RungPipe } from "./rung-pipe.ts";
import { RungProcess } from "./rung-process.ts";
import { RungQueue } from "./rung-queue.ts";

/** `degraded`: it leaves frames out, or has lost its place among the segments. `given_up` is final. */
export type RungState = "starting" | "steady" | "degraded" | "given_up";

interface EncodedPackager<F extends Frame, T extends Format> extends RungOutput<F, T> {
  /** It has no place in the leader's segments. */
  readonly isDegraded: boolean;
  /** The encoder has ended, or is begun anew after a failure. */
  end(): void;
}

interface RungEncoderOptions<F extends Frame, T extends Format> {
  readonly packager: EncodedPackager<F, T>;
  /** The input and output of one life of the encoder. */
  readonly pipe: (output: RungOutput<F, T>) => RungPipe<F>;
  /** Starts a child that reads what the pipe writes, and writes FLV. */
  readonly start: () => Promise<Child>;
  readonly endGroup: (pid: number) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Before each new start; behind the last it is given up. */
  readonly backoffMs?: readonly number[];
  /** An encoder that is fed for this long and gives no frame hangs. */
  readonly hangMs?: number;
  readonly failed?: (why: unknown, state: RungState) => void;
}

/** An encoder that has worked for this long starts with the first pause again when it fails. */
const soundMs = 60_000;

/**
 * The encoder of one rung through its lives. It is never waited for: frames that it does not take in time are left out,
 * and one that fails is started again a few times.
 */
export class RungEncoder<F extends Frame, T extends Format> {
  readonly #options: Required<RungEncoderOptions<F, T>>;
  readonly #queue = new RungQueue<F>();
  #process: RungProcess<F> | undefined;
  #child: Child | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: RungState = "starting";
  #failures = 0;
  #startedMs = 0;
  /** Since when it is fed without an answer. */
  #fedMs: number | undefined;

  constructor(options: RungEncoderOptions<F, T>) {
    this.#options = {
      backoffMs: [1_000, 2_000, 4_000, 8_000, 16_000],
      hangMs: 10_000,
      failed: () => undefined,
      ...options,
    };
    void this.#begin();
  }

  get state(): RungState {
    return this.#state;
  }

  get dropped(): number {
    return this.#queue.dropped;
  }

  /** Frames that it has not taken yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** A frame of the source, on the output's clock. Never waits. */
  push(frame: F): void {
    if (this.#state === "given_up") return;
    if (!this.#queue.push(frame) && this.#process !== undefined) this.#state = "degraded";
    this.#feed();
    const { monotonicMs, hangMs } = this.#options;
    if (this.#child !== undefined && monotonicMs() - (this.#fedMs ?? monotonicMs()) > hangMs)
      this.#options.endGroup(this.#child.pid);
  }

  /** Ends the child; what it has not said is lost. */
  end(): void {
    this.#state = "given_up";
    clearTimeout(this.#timer);
    this.#stop();
    this.#options.packager.end();
  }

  async #begin(): Promise<void> {
    const { start, pipe, packager, monotonicMs, endGroup } = this.#options;
    let child: Child;
    try {
      child = await start();
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#state === "given_up") return endGroup(child.pid);
    this.#child = child;
    this.#startedMs = monotonicMs();
    this.#fedMs = undefined;
    const isCurrent = () => this.#child === child;
    const output: RungOutput<F, T> = {
      format: (format) => isCurrent() && packager.format(format),
      frame: (frame) => isCurrent() && this.#came(frame),
    };
    const process = new RungProcess<F>({
      child,
      pipe: pipe(output),
      drained: () => isCurrent() && this.#feed(),
      broken: (error) => isCurrent() && this.#fail(error),
    });
    this.#process = process;
    void child.ended.then(() => isCurrent() && this.#fail(process.messages));
    this.#feed();
  }

  #feed(): void {
    while (this.#process !== undefined && !this.#process.isFull) {
      const frame = this.#queue.first;
      if (frame === undefined) return;
      if (!this.#process.follows(frame)) return this.#beginAnew();
      this.#queue.take();
      this.#fedMs ??= this.#options.monotonicMs();
      this.#process.write(frame);
    }
  }

  /** Another life, without a failure of the one before. */
  #beginAnew(): void {
    this.#stop();
    void this.#begin();
  }

  #came(frame: F): void {
    const { packager, monotonicMs } = this.#options;
    this.#fedMs = undefined;
    packager.frame(frame);
    this.#state = packager.isDegraded ? "degraded" : "steady";
    if (this.#failures > 0 && monotonicMs() - this.#startedMs > soundMs) this.#failures = 0;
  }

  #fail(why: unknown): void {
    if (this.#state === "given_up") return;
    const { backoffMs, packager, failed } = this.#options;
    this.#stop();
    this.#queue.restart();
    packager.end();
    const pauseMs = backoffMs[this.#failures++];
    this.#state = pauseMs === undefined ? "given_up" : "degraded";
    failed(why, this.#state);
    if (pauseMs !== undefined) this.#timer = setTimeout(() => void this.#begin(), pauseMs).unref();
  }

  #stop(): void {
    const child = this.#child;
    this.#child = this.#process = undefined;
    if (child === undefined) return;
    this.#options.endGroup(child.pid);
    child.stdin?.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}
