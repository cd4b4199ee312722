import { type Job, KinoraError } from "#kernel";
import { media } from "#services/media/contract";
import type { Supply } from "../attempt/media-tools.ts";
import { transcodingExtras } from "../contract.ts";
import { makeExtras } from "../steps/extras.ts";
import { toolsRetryMs, type TranscodeHost } from "./attempts.ts";
import type { Task } from "./task.ts";

const notReadyRetryMs = 1_000;

/** The job that makes a preview, a storyboard and a waveform of a finished media object. */
export const extrasJob =
  ({ emit, blob, settings, client, call, log }: TranscodeHost, supply: Supply) =>
  async (running: Job<Task>): Promise<void> => {
    const { id, fence, signal, traceId, payload } = running;
    const { mediaId } = payload;
    const tools = await supply.tools();
    if (!tools) return running.putOff(toolsRetryMs, "there is no FFmpeg");
    const playable = await client(media)
      .playable({ id: mediaId }, call({ signal, traceId }))
      .catch((error: unknown) => {
        if (!(error instanceof KinoraError) || error.kind !== "not_found") throw error;
      });
    // The media object was deleted meanwhile.
    if (!playable) return;
    // The event of its renditions may not be applied yet.
    if (playable.status !== "ready") return running.putOff(notReadyRetryMs, "nothing of it plays yet");
    const parts = { tools, blob, log, stallMs: settings.stallMs, signal, attempt: `extras-${id}-${fence}` };
    const extras = await makeExtras(parts, playable, payload.smallest ?? playable.renditions.at(0));
    await running.finish((tx) => emit(tx, transcodingExtras, mediaId, { mediaId, ...extras }));
  };
