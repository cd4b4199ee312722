import type { Child } from "#media/process/children";
import { isCommonPicture } from "#media/live/renditions/common-picture";
import type { InitEvent, LiveEvent } from "#media/live/events";
import type { Frame, VideoFormat, VideoFrame } from "#media/frames/frame";
import { RungEncoder, type RungState } from "#media/live/renditions/rung-encoder";
import { type LiveRung, liveRungs } from "#media/live/renditions/rung-ladder";
import { RungPackager } from "#media/live/renditions/rung-packager";
import { PicturePipe } from "#media/live/renditions/rung-pipe";
import type { Renditions } from "./renditions.ts";

/**
 * Encoders that this process may have at once; those of one stream are taken one by one. The only picture that browsers play
 * has a place beyond them: without it viewers have nothing.
 */
export class RungBudget {
  readonly #limit: number;
  #usedCount = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  take(isOnlyPicture = false): boolean {
    if (this.#limit === 0 || this.#usedCount >= this.#limit + (isOnlyPicture ? 1 : 0)) return false;
    this.#usedCount++;
    return true;
  }

  giveBack(): void {
    this.#usedCount--;
  }
}

export interface RungSetParts {
  readonly emit: (event: LiveEvent) => void;
  readonly budget: RungBudget;
  /** Starts an encoder of a rung; rejects where this machine has none. */
  readonly start: (rung: LiveRung) => Promise<Child>;
  readonly endGroup: (pid: number) => void;
  readonly monotonicMs: () => number;
  readonly failed: (rung: string, why: unknown, state: RungState) => void;
}

interface Running {
  readonly rung: LiveRung;
  readonly packager: RungPackager;
  encoder: RungEncoder<VideoFrame, VideoFormat> | undefined;
  /** It counts as one of the encoders of this process; one that was given up does not. */
  hasPlace: boolean;
}

/** The rungs of one stream: further encodings of its pictures, beside the copy that they never delay. */
export class RungSet implements Renditions {
  readonly #parts: RungSetParts;
  readonly #running = new Map<string, Running>();
  #init: InitEvent | undefined;
  #source: VideoFormat | undefined;

  constructor(parts: RungSetParts) {
    this.#parts = parts;
  }

  get states(): { readonly name: string; readonly state: RungState }[] {
    return Array.from(this.#running.values(), ({ rung: { name }, encoder }) => ({
      name,
      state: encoder?.state ?? "starting",
    }));
  }

  follow(event: LiveEvent): void {
    if (event.kind === "init") {
      this.#stopEncoders();
      this.#init = event;
      this.#source = event.tracks.map(({ format }) => format).find((format) => format.kind === "video");
    }
    if (event.kind === "opened") this.#begin();
    for (const { packager } of this.#running.values()) packager.follow(event);
  }

  frame(frame: Frame): void {
    if (frame.kind !== "video") return;
    for (const { encoder } of this.#running.values()) encoder?.push(frame);
  }

  end(): void {
    this.#stopEncoders();
    for (const running of this.#running.values()) this.#leave(running);
    this.#running.clear();
  }

  /** Begins the rungs that this process has places for; a place that becomes free is taken with the next segment. */
  #begin(): void {
    const [source, init] = [this.#source, this.#init];
    if (source === undefined || init === undefined) return;
    const wanted = liveRungs(source);
    for (const [name, running] of this.#running) {
      if (wanted.some((rung) => rung.name === name && rung.width === running.rung.width) || running.encoder) continue;
      this.#running.delete(name);
      this.#leave(running);
    }
    for (const rung of wanted) {
      const existing = this.#running.get(rung.name);
      if (existing?.encoder || (!existing?.hasPlace && !this.#parts.budget.take(!isCommonPicture(source)))) continue;
      const { emit, start, endGroup, monotonicMs, failed } = this.#parts;
      const packager = existing?.packager ?? new RungPackager({ track: rung.name, maxrateBps: rung.maxrateBps, emit });
      packager.follow(init);
      const encoder = new RungEncoder<VideoFrame, VideoFormat>({
        packager,
        pipe: (output) => new PicturePipe(source, output),
        start: () => start(rung),
        endGroup,
        monotonicMs,
        failed: (why, state) => {
          failed(rung.name, why, state);
          if (state === "given_up") this.#leave(running);
        },
      });
      const running: Running = { rung, packager, encoder, hasPlace: true };
      this.#running.set(rung.name, running);
    }
  }

  #leave(running: Running): void {
    if (running.hasPlace) this.#parts.budget.giveBack();
    running.hasPlace = false;
  }

  /** The places are kept: encoders of other headers follow. */
  #stopEncoders(): void {
    for (const running of this.#running.values()) {
      running.encoder?.end();
      running.encoder = undefined;
    }
  }
}
