import type Hls from "hls.js";
import type { ErrorData, Level } from "hls.js";
import { type Address, followAddress, hasToken, isSameGeneration, withTokenOf } from "#base/api/playback-address.ts";
import { isOnline, watchConnection } from "#base/api/request/connection.ts";
import { keepPlaying } from "./continuity.ts";
import type { CaptionTrack, Engine, Quality } from "./engine-port.ts";
import { lineRateOfPage } from "./line-rate.ts";
import { playNative } from "./native.ts";
import { Recoveries } from "./recoveries.ts";
import type { SoundTrack } from "./sounds.ts";

interface EngineOptions {
  /** How far ahead to fetch, in seconds. */
  bufferS: number;
  /** Never fetch more pixels than are shown. */
  capToSize?: boolean;
  /** The page draws the chosen captions; the browser shows none. */
  leavesCaptions?: boolean;
  onQualities?: (qualities: readonly Quality[]) => void;
  onQuality?: (heightPx: number) => void;
  onCaptions?: (tracks: readonly CaptionTrack[]) => void;
  /** The available sounds, and which of them plays. */
  onSounds?: (tracks: readonly SoundTrack[], chosen: number) => void;
  /** The source cannot be played; nothing will be tried again. */
  onFatal?: () => void;
}

let engine: Promise<typeof Hls> | null = null;

/** Fetches the player's code, once. Called early, so that it travels together with the first page of the feed. */
export function loadEngine(): Promise<typeof Hls> {
  engine ??= import("hls.js").then((module) => module.default);
  // A failed fetch must not be remembered; the next call tries again.
  engine.catch(() => {
    engine = null;
  });
  return engine;
}

/** An address that was asked for anew and is refused again will not be better in a moment. */
const renewedAgainMs = 20_000;

/**
 * Plays the HLS source `url` in `video` until stopped. The first frame is shown as soon as it is there, paused or not.
 * A token is renewed before it ends and put on every request from then on.
 */
export function attach(video: HTMLVideoElement, url: string, options: EngineOptions): Engine {
  const address = followAddress(url);
  let engine: Pick<Engine, "chooseQuality" | "chooseCaptions" | "chooseSound" | "setBuffer" | "stop"> | null = null;
  let stopped = false;
  let bufferS = options.bufferS;

  const start = (Engine: typeof Hls) => {
    if (stopped) return;
    const engineOptions = { ...options, bufferS };
    // Phones without Media Source Extensions play HLS themselves.
    engine = Engine.isSupported()
      ? playHls(Engine, video, address, engineOptions)
      : playNative(video, address, engineOptions);
  };
  const isFresh = hasToken(url) ? address.renew() : Promise.resolve(true);
  Promise.all([loadEngine(), isFresh]).then(
    ([Engine]) => start(Engine),
    () => options.onFatal?.(),
  );

  return {
    setBuffer: (seconds) => {
      bufferS = seconds;
      engine?.setBuffer(seconds);
    },
    chooseQuality: (index) => engine?.chooseQuality(index),
    chooseCaptions: (index) => engine?.chooseCaptions(index),
    chooseSound: (index) => engine?.chooseSound(index),
    stop: () => {
      stopped = true;
      address.stop();
      engine?.stop();
      engine = null;
      video.removeAttribute("src");
      video.load();
    },
  };
}

function playHls(Engine: typeof Hls, video: HTMLVideoElement, address: Address, options: EngineOptions): Engine {
  const stopping = new AbortController();
  const hls = new Engine({
    // Segments are fragmented MP4 already: there is nothing to transmux that would be worth a worker.
    enableWorker: false,
    maxBufferLength: options.bufferS,
    maxMaxBufferLength: 60,
    backBufferLength: 15,
    capLevelToPlayerSize: options.capToSize ?? false,
    startFragPrefetch: true,
    // Begin at half the rate at which the page came: the first frame soon rather than sharp. The first segments correct it.
    abrEwmaDefaultEstimate: lineRateOfPage() / 2,
    xhrSetup: (request, requestUrl) => request.open("GET", withTokenOf(address.url, requestUrl), true),
  });
  followTracks(hls, Engine, options);
  recover(hls, Engine, video, address, options, stopping.signal);
  keepPlaying(video, stopping.signal);
  hls.loadSource(address.url);
  hls.attachMedia(video);
  let chosen: number | null = null;
  // All of a short film may be in the buffer: a quality that is chosen near its end takes its place when it begins again.
  const insist = () => {
    if (chosen !== null && hls.currentLevel !== chosen) hls.nextLevel = chosen;
  };
  video.addEventListener("seeked", insist, { signal: stopping.signal });
  return {
    setBuffer: (seconds) => {
      hls.config.maxBufferLength = seconds;
    },
    chooseQuality: (index) => {
      chosen = index;
      hls.nextLevel = index ?? -1;
    },
    chooseCaptions: (index) => {
      hls.subtitleTrack = index ?? -1;
      hls.subtitleDisplay = index !== null && options.leavesCaptions !== true;
    },
    chooseSound: (index) => {
      hls.audioTrack = index;
    },
    stop: () => {
      stopping.abort();
      hls.destroy();
    },
  };
}

type Size = Pick<Level, "width" | "height">;
export const shorterSidePx = (level: Size | undefined): number =>
  level === undefined ? 0 : Math.min(level.width || level.height, level.height);

/** The renditions of a stream that can be chosen, the largest first. */
export const qualitiesOf = (levels: readonly Size[]): Quality[] =>
  levels
    .map((level, index) => ({ index, heightPx: shorterSidePx(level) }))
    .filter(({ heightPx }) => heightPx > 0)
    .toSorted((a, b) => b.heightPx - a.heightPx);

/** Reports the available qualities, captions and sounds, and which of them plays. */
function followTracks(hls: Hls, Engine: typeof Hls, options: EngineOptions) {
  hls.on(Engine.Events.MANIFEST_PARSED, () => options.onQualities?.(qualitiesOf(hls.levels)));
  hls.on(Engine.Events.LEVEL_SWITCHED, (_event, { level }) => options.onQuality?.(shorterSidePx(hls.levels[level])));
  hls.on(Engine.Events.SUBTITLE_TRACKS_UPDATED, (_event, { subtitleTracks }) => {
    const tracks = subtitleTracks.map(({ lang = "", name }, index) => ({ index, language: lang, label: name }));
    // hls.js makes a choice of its own when this event is over, which would undo one that is made in it.
    queueMicrotask(() => options.onCaptions?.(tracks));
  });
  const reportSounds = () =>
    options.onSounds?.(
      hls.audioTracks.map(({ lang = "", name }, index) => ({ index, language: lang, label: name })),
      hls.audioTrack,
    );
  hls.on(Engine.Events.AUDIO_TRACKS_UPDATED, reportSounds);
  hls.on(Engine.Events.AUDIO_TRACK_SWITCHING, reportSounds);
}

/** Goes on after errors: under a renewed address, after a lost connection, after a fault of the decoder. */
function recover(
  hls: Hls,
  Engine: typeof Hls,
  video: HTMLVideoElement,
  address: Address,
  options: EngineOptions,
  stopping: AbortSignal,
) {
  /** A refused segment may have another address by now: with a new token, or in another generation. */
  let renewedAtMs = Number.NEGATIVE_INFINITY;
  let isRenewing = false;
  const again = async (isFatal: boolean) => {
    // The end of it makes the player load again.
    if (isRenewing) return;
    const before = address.url;
    const isDue = performance.now() - renewedAtMs > renewedAgainMs;
    if (isDue) {
      isRenewing = true;
      renewedAtMs = performance.now();
    }
    const isThere = isDue && (await address.renew());
    isRenewing = false;
    if (stopping.aborted) return;
    if (!isThere) {
      if (isFatal) options.onFatal?.();
    } else if (hls.levels.length > 0 && hasToken(before) && isSameGeneration(before, address.url)) hls.startLoad();
    else reload(hls, video, address.url);
  };

  /** Something was not answered since the device had a connection. */
  let isCutOff = false;
  const goOn = () => {
    if (!isCutOff || !isOnline()) return;
    isCutOff = false;
    // The token may have ended meanwhile, however recently it was renewed.
    renewedAtMs = Number.NEGATIVE_INFINITY;
    if (hasToken(address.url)) void again(false);
    else if (hls.levels.length === 0) hls.loadSource(address.url);
    else hls.startLoad();
  };
  stopping.addEventListener("abort", watchConnection(goOn));

  const recoveries = new Recoveries();
  const tryRecovery = (recovery: (attempt: number) => void) => {
    const attempt = recoveries.next(video.currentTime);
    if (attempt === undefined) options.onFatal?.();
    else recovery(attempt);
  };
  const decodeAgain = () => tryRecovery(() => hls.recoverMediaError());
  // hls.js notices a decoder error only at its next append, which may never come.
  video.addEventListener("error", decodeAgain, { signal: stopping });
  hls.on(Engine.Events.ERROR, (_event, error: ErrorData) => {
    if (stopping.aborted) return;
    if (!isOnline() && error.type === Engine.ErrorTypes.NETWORK_ERROR) {
      isCutOff = true;
      return;
    }
    const isRefused = error.response?.code === 404 || error.response?.code === 403;
    if (isRefused) void again(error.fatal);
    if (isRefused || !error.fatal) return;
    if (error.type === Engine.ErrorTypes.MEDIA_ERROR) decodeAgain();
    else if (error.type === Engine.ErrorTypes.NETWORK_ERROR) {
      const retry = () => {
        if (stopping.aborted) return;
        if (hls.levels.length === 0) hls.loadSource(hls.url ?? "");
        else hls.startLoad();
      };
      tryRecovery((attempt) => setTimeout(retry, 500 * 2 ** attempt));
    } else options.onFatal?.();
  });
}

/** Begins again under another address, where the viewer is. */
function reload(hls: Hls, video: HTMLVideoElement, url: string): void {
  hls.config.startPosition = video.currentTime;
  hls.loadSource(url);
}
