import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Extra, Extras, ReadyRendition } from "#events/transcoder";
import type { Id, Log } from "#kernel";
import { pictureExtras, soundExtras } from "#media/extras/extras";
import { loudnessIn } from "#media/extras/loudness";
import { isPreviewed } from "#media/extras/preview";
import { RunFailed } from "#media/process/run";
import { sheetsOf, storyboardOf, withinSheets } from "#media/extras/storyboard";
import type { Tools } from "#media/process/tools";
import { peakMsOf, peaksIn } from "#media/extras/waveform";
import { work } from "#media/process/work";
import type { Playable } from "#services/media/contract";
import type { z } from "zod";
import { keepBytes, type WorkStore } from "../attempt/outputs.ts";

interface ExtrasParts {
  readonly tools: Tools;
  readonly blob: WorkStore;
  readonly log: Log;
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** A name for the folder of this attempt. */
  readonly attempt: string;
}
type Made = z.output<typeof Extras>;
type File = z.output<typeof Extra>;

const fileBytesMax = 64 * 2 ** 20;

/**
 * Makes storyboard, animated preview and waveform, from a small rendition and its sound. An extra that fails is left
 * out, as no user waits for it.
 */
export async function makeExtras(
  { tools, blob, log, stallMs, signal, attempt }: ExtrasParts,
  { mediaId, durationMs, audio }: z.output<typeof Playable>,
  picture: z.output<typeof ReadyRendition> | undefined,
): Promise<Made> {
  await using folder = await blob.scratch(attempt);
  const at = (name: string): string => join(folder.path, name);

  async function run(key: string, args: (path: string) => readonly string[]): Promise<string> {
    await using file = await blob.local(key);
    if (!file) throw new Error("what extras are made of is not in the store");
    const reach = { inputs: [file.path], outputFolder: folder.path };
    const { messages } = await work(tools, {
      arguments: args(file.path),
      reach,
      durationMs,
      fileBytesMax,
      stallMs,
      signal,
    });
    return messages;
  }

  async function keepExtra(path: string, name: string, mime: string): Promise<File> {
    return { name, mime, ...(await keepBytes(blob, await readFile(path))) };
  }

  async function pictures(): Promise<Pick<Made, "files" | "storyboard">> {
    if (!picture?.video) return nothing;
    const { width, height, video } = picture;
    const preview = isPreviewed(durationMs) ? at("preview.avif") : undefined;
    await run(video.key, (path) =>
      pictureExtras({ path, width, height, durationMs }, { sheets: at("storyboard-%d.jpg"), preview }),
    );
    const sheetCount = (await readdir(folder.path)).filter((name) => name.startsWith("storyboard-")).length;
    if (sheetCount === 0) throw new Error("no picture was made");
    const storyboard = withinSheets(storyboardOf(durationMs, { width, height }), sheetCount);
    const names = Array.from({ length: sheetsOf(storyboard) }, (_, n) => `storyboard-${n + 1}.jpg`);
    const sheets = await Promise.all(names.map((name) => keepExtra(at(name), name, "image/jpeg")));
    const moving = preview === undefined ? [] : [await keepExtra(preview, "preview.avif", "image/avif")];
    return { files: [...sheets, ...moving], storyboard };
  }

  async function sound(): Promise<Pick<Made, "files" | "loudness">> {
    if (!audio) return silent;
    const drawn = at("peaks.txt");
    const messages = await run(audio.key, (path) => soundExtras(path, durationMs, drawn));
    const peaks = peaksIn(await readFile(drawn, "utf8"));
    const text = JSON.stringify({ peak_ms: peakMsOf(durationMs), peaks });
    const stored = await keepBytes(blob, Buffer.from(text));
    const waveform = { name: "waveform.json", mime: "application/json", ...stored };
    return { files: [waveform], loudness: loudnessIn(messages) ?? null };
  }

  /** A file whose extras cannot be made plays all the same. */
  async function unlessFailed<T>(id: Id, what: string, making: Promise<T>, without: T): Promise<T> {
    return making.catch((error: unknown) => {
      const isEnded = error instanceof RunFailed && (error.reason === "aborted" || error.reason === "killed");
      if (isEnded || signal.aborted) throw error;
      log.warn("extras could not be made", { mediaId: id, what, err: error });
      return without;
    });
  }

  const images = await unlessFailed(mediaId, "pictures", pictures(), nothing);
  const sounds = await unlessFailed(mediaId, "sound", sound(), silent);
  return {
    files: [...images.files, ...sounds.files],
    storyboard: images.storyboard,
    loudness: sounds.loudness,
  };
}

const nothing: Pick<Made, "files" | "storyboard"> = { files: [], storyboard: null };
const silent: Pick<Made, "files" | "loudness"> = { files: [], loudness: null };
