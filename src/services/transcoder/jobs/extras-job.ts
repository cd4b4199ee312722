import { transcodingExtras } from "#events/transcoder";
import { type Job, KinoraError } from "#kernel";
import { RunFailed } from "#media/process/run";
import type { Supply } from "#media/process/supply";
import { makeExtras } from "../steps/extras.ts";
import { toolsRetryMs, type TranscodeHost } from "./attempts.ts";
import type { MemoryShortage } from "./memory-shortage.ts";
import type { Task } from "./task.ts";

const notReadyRetryMs = 1_000;

/** The job that makes a preview, a storyboard and a waveform of a finished media object. */
export const createExtrasJob =
  ({ emit, blob, settings, media, call, log }: TranscodeHost, supply: Supply, shortage: MemoryShortage) =>
  async (running: Job<Task>): Promise<void> => {
    const { id, fence, signal, traceId, payload } = running;
    const { mediaId } = payload;
    const tools = await supply.tools();
    if (!tools) return running.putOff(toolsRetryMs, "there is no FFmpeg");
    const playable = await media.playable({ id: mediaId }, call({ signal, traceId })).catch((error: unknown) => {
      if (!(error instanceof KinoraError) || error.kind !== "not_found") throw error;
    });
    // The media object was deleted meanwhile.
    if (!playable) return;
    // The event of its renditions may not be applied yet.
    if (playable.status !== "ready") return running.putOff(notReadyRetryMs, "nothing of it plays yet");
    const parts = { tools, blob, log, stallMs: settings.stallMs, signal, attempt: `extras-${id}-${fence}` };
    if (shortage.isBusy) return running.putOff(settings.shortageMs, "memory is short");
    try {
      const smallest = payload.smallest ?? playable.renditions.at(0);
      const extras = await shortage.during(() => makeExtras(parts, playable, smallest));
      await running.finish((tx) => emit(tx, transcodingExtras, mediaId, { mediaId, ...extras }));
    } catch (error) {
      if (!(error instanceof RunFailed) || error.reason !== "killed") throw error;
      await running.putOff(shortage.recordKill(), "memory is short");
    }
  };
