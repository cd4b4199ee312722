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
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  take(isOnlyPicture = false): boolean {
    if (this.#limit === 0 || this.#taken >= this.#limit + (isOnlyPicture ? 1 : 0)) return false;
    this.#taken++;
    return true;
  }

  giveBack(): void {
    this.#taken--;
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
    for (const one of this.#running.values()) this.#leave(one);
    this.#running.clear();
  }

  /** Begins the rungs that this process has places for; a place that becomes free is taken with the next segment. */
  #begin(): void {
    const [source, init] = [this.#source, this.#init];
    if (source === undefined || init === undefined) return;
    const wanted = liveRungs(source);
    for (const [name, one] of this.#running) {
      if (wanted.some((rung) => rung.name === name && rung.width === one.rung.width) || one.encoder) continue;
      this.#running.delete(name);
      this.#leave(one);
    }
    for (const rung of wanted) {
      const known = this.#running.get(rung.name);
      if (known?.encoder || (!known?.hasPlace && !this.#parts.budget.take(!isCommonPicture(source)))) continue;
      const { emit, start, endGroup, monotonicMs, failed } = this.#parts;
      const packager = known?.packager ?? new RungPackager({ track: rung.name, maxrateBps: rung.maxrateBps, emit });
      packager.follow(init);
      const encoder = new RungEncoder<VideoFrame, VideoFormat>({
        packager,
        pipe: (output) => new PicturePipe(source, output),
        start: () => start(rung),
        endGroup,
        monotonicMs,
        failed: (why, state) => {
          failed(rung.name, why, state);
          if (state === "given_up") this.#leave(one);
        },
      });
      const one: Running = { rung, packager, encoder, hasPlace: true };
      this.#running.set(rung.name, one);
    }
  }

  #leave(one: Running): void {
    if (one.hasPlace) this.#parts.budget.giveBack();
    one.hasPlace = false;
  }

  /** The places are kept: encoders of other headers follow. */
  #stopEncoders(): void {
    for (const one of this.#running.values()) {
      one.encoder?.end();
      one.encoder = undefined;
    }
  }
}
