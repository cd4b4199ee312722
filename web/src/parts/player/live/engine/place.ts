import type Hls from "hls.js";
import { bufferedAheadS } from "./buffered-ahead.ts";
import { levelControl } from "./levels.ts";
import { cushionOf, mustJump, paceOf, rangeS } from "./pace.ts";
import { type Past, pastOf } from "./past.ts";

/** The place of the picture in a stream, and its ways from there. */
export interface Place {
  /** `null` lets the player choose. */
  chooseQuality: (index: number | null) => void;
  /** To what happens now. */
  toEdge: () => void;
  /** How far back the viewer can go, and has gone; `null` where that is only seconds. */
  past: () => Past | null;
  /** To what happened so many seconds ago. */
  goBack: (seconds: number) => void;
}

/**
 * Keeps the picture at its place near the edge, where the viewer has not gone back: the engine's own pace wants a second of
 * buffer, which a picture that is a second behind live never has.
 */
export function keepPlace(hls: Hls, Engine: typeof Hls, video: HTMLVideoElement, stopping: AbortSignal): Place {
  let isBack = false;
  let jumpedMs = Number.NEGATIVE_INFINITY;
  const levels = levelControl(hls, Engine, video);
  const stallsMs: number[] = [];
  hls.on(Engine.Events.ERROR, (_event, { details }) => {
    if (details === Engine.ErrorDetails.BUFFER_STALLED_ERROR) stallsMs.push(performance.now());
  });
  const placeS = () =>
    hls.liveSyncPosition === null ? null : hls.liveSyncPosition - cushionOf(stallsMs, performance.now());
  const timeS = () => levels.pendingSeekS() ?? video.currentTime;
  // The engine's own measure of this is as old as its last look.
  const behindS = () => {
    const place = placeS();
    return place === null ? null : place - timeS();
  };
  const begin = () => {
    isBack = false;
    levels.release();
  };
  const toEdge = () => {
    begin();
    const place = placeS();
    if (place !== null) video.currentTime = place;
  };
  const look = () => {
    const late = behindS();
    if (late === null) return;
    if (late <= rangeS) isBack = false;
    if (mustJump({ behindS: late, isBack, sinceJumpMs: performance.now() - jumpedMs })) {
      jumpedMs = performance.now();
      toEdge();
      return;
    }
    const pace = paceOf({ behindS: late, aheadS: bufferedAheadS(video) });
    if (video.playbackRate !== pace) video.playbackRate = pace;
  };
  const signal = { signal: stopping };
  video.addEventListener("timeupdate", look, signal);
  // Browsers also pause at a decoder error. Playback continues at the same position afterwards.
  const onPause = () => (isBack ||= video.error === null);
  video.addEventListener("pause", onPause, signal);
  const onPlay = () => isBack && (behindS() ?? 0) > rangeS && levels.pinWherePruned();
  video.addEventListener("play", onPlay, signal);
  // A reloaded source starts at the live edge.
  hls.on(Engine.Events.MANIFEST_LOADING, begin);
  return {
    chooseQuality: levels.choose,
    toEdge,
    past: () => pastOf(levels.startS(), behindS(), timeS()),
    goBack: (seconds) => {
      const place = placeS();
      if (place === null || seconds <= rangeS) return toEdge();
      isBack = true;
      return levels.seek(place - seconds);
    },
  };
}
