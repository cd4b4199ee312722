import type { Id } from "#kernel";
import type { InitEvent, LiveEvent } from "#media/live/events";
import type { Format, Frame, VideoFormat, VideoFrame } from "#media/frames/frame";
import type { KeyPicture } from "#media/live/still";
import type { DeclaredRates } from "#media/live/stated-rates";
import type { ReachedPoint, ResumePoint } from "#media/live/output-numbers";
import { Packager } from "#media/live/packager";
import { EventLog } from "./event-log.ts";
import { FrameFeed } from "./frame-feed.ts";
import { StreamMeter } from "./meter.ts";
import type { RefusalReason } from "../../contract.ts";
import type { Renditions } from "../renditions/renditions.ts";

/** The owner is warned for this long after a clock stood still. */
const frozenShownMs = 10_000;

/** The sender of a stream: an encoder's connection, or a browser's. */
export interface Publisher {
  readonly source: "rtmp" | "whip";
  /** Ends it, with a sentence for its user. */
  stop(sentence: string): void;
  /** Makes it send a key frame soon, where it can be asked. */
  requestKeyFrame?(): void;
}

/** The receiver of a publisher's stream, until the publisher leaves or another replaces it. */
export interface Feed {
  /** The rates that the publisher declares, before its formats. */
  declare(rates: DeclaredRates): void;
  format(format: Format): void;
  frame(frame: Frame): void;
  leave(): void;
}

/** The point at which a stream continues, and the wall-clock time of its beginning. */
export interface Origin extends ResumePoint {
  readonly originMs: number;
}

interface StreamParts {
  readonly liveId: Id;
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly partMs: number;
  /** Bits a second that a publisher may send for ten seconds. */
  readonly bitrateMaxBps: number;
  /** The stream's position in a process that has ended. */
  readonly resume?: Origin | undefined;
  /** The further encodings of its pictures and its sound. */
  readonly rungs?: (emit: (event: LiveEvent) => void) => Renditions;
  /** A publisher is stopped for a reason that its owner learns too. */
  readonly refused?: (reason: RefusalReason, sentence: string) => void;
  /** A publisher came or left. */
  readonly attended: (isAttended: boolean) => void;
}

/** The stream of one live room in this process: frames of its publisher in, events of segments out. */
export class LiveStream {
  readonly liveId: Id;
  readonly log = new EventLog();
  /** The same stream as frames, for delivery that does without segments. */
  readonly frames = new FrameFeed();
  /** Wall-clock time of output time 0. */
  readonly originMs: number;
  /** Its recording ended before it, as nothing more of it could be stored. */
  isRecordingLost = false;
  readonly #parts: StreamParts;
  readonly #packager: Packager;
  readonly #rungs: Renditions | undefined;
  #publisher: Publisher | undefined;
  #meter: { readonly of: StreamMeter; readonly sinceMs: number } | undefined;
  #dropped = 0;
  #pictures: VideoFormat | undefined;
  #key: VideoFrame | undefined;
  #isEnded = false;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.liveId = parts.liveId;
    this.originMs = parts.resume?.originMs ?? parts.now();
    this.#rungs = parts.rungs?.((event) => this.log.add(event));
    this.#packager = new Packager({
      originMs: this.originMs,
      resume: parts.resume,
      partMs: parts.partMs,
      emit: (event: LiveEvent) => {
        // The last output of encoders comes before the end event, as nothing may follow it.
        if (event.kind === "end") this.#rungs?.end();
        if (event.kind === "init") this.#begin(event);
        this.log.add(event);
        this.#rungs?.follow(event);
      },
      onFrame: (frame) => {
        this.frames.frame(frame);
        if (frame.kind === "video" && frame.isKey) this.#key = frame;
        this.#rungs?.frame(frame);
      },
    });
  }

  get reached(): ReachedPoint {
    return this.#packager.reached;
  }

  /** The newest key frame; undefined before the first, and for sound alone. */
  get keyPicture(): KeyPicture | undefined {
    return this.#pictures && this.#key && { format: this.#pictures, frame: this.#key };
  }

  /** The publisher that is connected and how its stream comes in. */
  get attendance() {
    const [publisher, meter] = [this.#publisher, this.#meter];
    if (publisher === undefined || meter === undefined) return undefined;
    const { source } = publisher;
    return { source, sinceMs: meter.sinceMs, facts: meter.of.facts(this.#parts.monotonicMs()) };
  }

  /** The fault of the publisher's clocks; the stream goes on by the arrival of frames. */
  get clockWarnings(): readonly ("clocks_apart" | "clock_frozen")[] {
    const sinceFrozenMs = this.#parts.monotonicMs() - this.#packager.clockFrozenMs;
    return [
      ...(this.#packager.hasClocksApart ? (["clocks_apart"] as const) : []),
      ...(sinceFrozenMs < frozenShownMs ? (["clock_frozen"] as const) : []),
    ];
  }

  get rungStates() {
    return this.#rungs?.states ?? [];
  }

  get isAttended(): boolean {
    return this.#publisher !== undefined;
  }

  /** Takes a publisher; the one before is stopped. The stream goes on with a clock that never goes back. */
  attach(publisher: Publisher): Feed {
    const former = this.#publisher;
    this.#publisher = publisher;
    former?.stop("another publisher has taken this stream over");
    this.#packager.restart();
    this.frames.restart();
    this.#meter = { of: new StreamMeter(this.#parts.monotonicMs()), sinceMs: this.#parts.now() };
    if (former === undefined) this.#parts.attended(true);
    const isCurrent = () => this.#publisher === publisher && !this.#isEnded;
    return {
      declare: (rates) => {
        if (isCurrent()) this.#packager.declare(rates);
      },
      format: (format) => {
        if (!isCurrent()) return;
        this.#meter?.of.format(format);
        this.#packager.format(format);
        this.frames.format(format);
      },
      frame: (frame) => {
        if (isCurrent()) this.#take(frame);
      },
      leave: () => {
        if (!isCurrent()) return;
        this.#publisher = this.#meter = undefined;
        // Viewers see everything that was received.
        this.#packager.restart();
        this.#parts.attended(false);
      },
    };
  }

  #take(frame: Frame): void {
    const nowMs = this.#parts.monotonicMs();
    this.#packager.frame(frame, nowMs);
    const { dropped } = this.#packager;
    const meter = this.#meter?.of;
    meter?.frame(frame, nowMs, Math.max(0, dropped - this.#dropped));
    this.#dropped = dropped;
    const { bitrateMaxBps } = this.#parts;
    if (frame.kind !== "video" || !frame.isKey || !meter?.isOver(bitrateMaxBps, nowMs)) return;
    this.stopPublisher(
      "bitrate_exceeded",
      `this server takes ${Math.floor(bitrateMaxBps / 1_000)} kb/s, lower the bit rate of your encoder`,
    );
  }

  #begin({ tracks }: InitEvent): void {
    this.#pictures = tracks.map(({ format }) => format).find((format) => format.kind === "video");
    this.#key = undefined;
  }

  /** Stops its publisher; another may come. */
  stopPublisher(reason: RefusalReason, sentence: string): void {
    if (this.#publisher === undefined) return;
    this.#parts.refused?.(reason, sentence);
    this.#publisher.stop(sentence);
  }

  requestKeyFrame(): void {
    this.#publisher?.requestKeyFrame?.();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#packager.end();
    this.frames.end();
    this.#publisher?.stop("the live stream has ended");
    this.#publisher = undefined;
  }

  /** Ends here because it goes on in another process: followers are sent everything, and no end. */
  release(): void {
    if (this.#isEnded) return;
    const publisher = this.#publisher;
    this.#publisher = this.#meter = undefined;
    this.#packager.restart();
    this.#isEnded = true;
    this.#rungs?.end();
    this.log.close();
    this.frames.end();
    publisher?.stop("another publisher has taken this stream over");
    if (publisher) this.#parts.attended(false);
  }
}
