import type { Child } from "#media/process/children";
import type { InitEvent, LiveEvent } from "#media/live/events";
import type { AudioFormat, AudioFrame, Frame } from "#media/frames/frame";
import { RungEncoder, type RungState } from "#media/live/renditions/rung-encoder";
import { soundRung } from "#media/live/renditions/rung-ladder";
import { SoundPipe } from "#media/live/renditions/sound-pipe";
import { SoundRungPackager } from "#media/live/renditions/sound-rung-packager";
import type { Renditions } from "./renditions.ts";

interface SoundRungParts {
  readonly emit: (event: LiveEvent) => void;
  /** Starts an encoder of this sound; rejects where this machine has none. */
  readonly start: (source: AudioFormat) => Promise<Child>;
  readonly endGroup: (pid: number) => void;
  readonly monotonicMs: () => number;
  readonly failed: (rung: string, why: unknown, state: RungState) => void;
}

/** The sound of one stream in AAC where it is Opus, which not every browser plays in HLS. */
export class SoundRung implements Renditions {
  readonly #parts: SoundRungParts;
  readonly #packager: SoundRungPackager;
  #encoder: RungEncoder<AudioFrame, AudioFormat> | undefined;

  constructor(parts: SoundRungParts) {
    this.#parts = parts;
    this.#packager = new SoundRungPackager({ track: soundRung, emit: parts.emit });
  }

  get states(): { readonly name: string; readonly state: RungState }[] {
    return this.#encoder ? [{ name: soundRung, state: this.#encoder.state }] : [];
  }

  follow(event: LiveEvent): void {
    if (event.kind === "init") this.end();
    this.#packager.follow(event);
    if (event.kind === "init") this.#begin(event);
  }

  frame(frame: Frame): void {
    this.#packager.lead(frame);
    if (frame.kind === "audio") this.#encoder?.push(frame);
  }

  end(): void {
    this.#encoder?.end();
    this.#encoder = undefined;
  }

  #begin({ tracks }: InitEvent): void {
    const source = tracks.map(({ format }) => format).find((format) => format.kind === "audio");
    if (source?.codec !== "opus") return;
    const { start, endGroup, monotonicMs, failed } = this.#parts;
    this.#encoder = new RungEncoder<AudioFrame, AudioFormat>({
      packager: this.#packager,
      pipe: (output) => new SoundPipe(source, output),
      start: () => start(source),
      endGroup,
      monotonicMs,
      failed: (why, state) => failed(soundRung, why, state),
    });
  }
}
