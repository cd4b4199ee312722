import { attachLive, type LiveEngine } from "./live-engine.ts";
import { type WhepConnection, watchByWhep } from "./whep-client.ts";

type Options = Parameters<typeof attachLive>[2];

/** Plays a stream with the least delay, for those who talk with each other: by WebRTC, or as for viewers where that fails. */
export function attachDirect(video: HTMLVideoElement, liveId: number, options: Options): LiveEngine {
  const stopping = new AbortController();
  let connection: WhepConnection | undefined;
  let engine: LiveEngine | undefined;
  const fallBack = () => {
    if (stopping.signal.aborted || engine !== undefined) return;
    connection?.close();
    connection = undefined;
    engine = attachLive(video, liveId, options);
  };
  watchByWhep(video, liveId, { signal: stopping.signal, lost: fallBack }).then((made) => {
    if (stopping.signal.aborted) made.close();
    else connection = made;
  }, fallBack);
  return {
    chooseQuality: (index) => engine?.chooseQuality(index),
    toEdge: () => engine?.toEdge(),
    delayS: () => engine?.delayS() ?? null,
    past: () => engine?.past() ?? null,
    goBack: (seconds) => engine?.goBack(seconds),
    stop: () => {
      stopping.abort();
      connection?.close();
      engine?.stop();
    },
  };
}
