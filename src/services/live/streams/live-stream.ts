import type { Id } from "#kernel";
import type { LiveEvent } from "#media/live/events";
import type { Format, Frame } from "#media/live/frame";
import { Packager, type ResumePoint } from "#media/live/packager";
import { EventLog } from "./event-log.ts";
import { FrameFeed } from "./frame-feed.ts";

/** What sends a stream: an encoder's connection, or a browser's. */
export interface Publisher {
  readonly source: "rtmp" | "whip";
  /** Ends it, with a sentence for its user. */
  stop(sentence: string): void;
  /** Makes it send a key frame soon, where it can be asked. */
  requestKeyFrame?(): void;
}

/** Where a publisher puts its stream, until it leaves or another takes its place. */
export interface Feed {
  format(format: Format): void;
  frame(frame: Frame): void;
  leave(): void;
}

/** Where a stream goes on, and the wall-clock time of its beginning. */
export interface Origin extends ResumePoint {
  readonly originMs: number;
}

interface StreamParts {
  readonly liveId: Id;
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly partMs: number;
  /** Where the stream was in a process that is gone. */
  readonly resume?: Origin | undefined;
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
  readonly #parts: StreamParts;
  readonly #packager: Packager;
  #publisher: Publisher | undefined;
  #isEnded = false;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.liveId = parts.liveId;
    this.originMs = parts.resume?.originMs ?? parts.now();
    this.#packager = new Packager({
      originMs: this.originMs,
      resume: parts.resume,
      partMs: parts.partMs,
      emit: (event: LiveEvent) => this.log.add(event),
      onFrame: (frame) => this.frames.frame(frame),
    });
  }

  get reached(): { readonly msn: number; readonly generation: number } {
    return this.#packager.reached;
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
    if (former === undefined) this.#parts.attended(true);
    const isCurrent = () => this.#publisher === publisher && !this.#isEnded;
    return {
      format: (format) => {
        if (!isCurrent()) return;
        this.#packager.format(format);
        this.frames.format(format);
      },
      frame: (frame) => {
        if (isCurrent()) this.#packager.frame(frame, this.#parts.monotonicMs());
      },
      leave: () => {
        if (!isCurrent()) return;
        this.#publisher = undefined;
        // What was received is watched to its end.
        this.#packager.restart();
        this.#parts.attended(false);
      },
    };
  }

  /** Stops its publisher; another may come. */
  stopPublisher(sentence: string): void {
    this.#publisher?.stop(sentence);
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
}
