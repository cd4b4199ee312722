import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import { keepPlaying } from "../../engine/continuity.ts";
import type { Quality } from "../../engine/engine-port.ts";
import { loadEngine, shorterSidePx } from "../../engine/engine.ts";
import { lineRateOfPage } from "../../engine/line-rate.ts";
import { bufferedAheadS } from "./buffered-ahead.ts";
import { delayOf, retryAfterMs } from "./delay.ts";
import { liveQualities, preferredSound } from "./live-qualities.ts";
import { pastOf } from "./past.ts";
import { keepPlace, type Place } from "./place.ts";
import { Standstill } from "./standstill.ts";
import { followStream, type StreamAddress, withDvr, withTokenOf } from "./stream-address.ts";

interface LiveOptions {
  readonly onQualities: (qualities: readonly Quality[]) => void;
  readonly onQuality: (heightPx: number) => void;
}

export interface LiveEngine extends Place {
  /** How far behind live the picture is, in seconds; `null` while that is unknown. */
  delayS: () => number | null;
  stop: () => void;
}

type Playing = Omit<LiveEngine, "stop"> & { readonly stop?: () => void };

/**
 * Plays the stream of a live room in `video` until stopped, however often the stream is lost meanwhile: what cannot be
 * had is asked for again, and the last picture stays.
 */
export function attachLive(video: HTMLVideoElement, liveId: number, options: LiveOptions): LiveEngine {
  const address = followStream(liveId);
  const stopping = new AbortController();
  let playing: Playing | null = null;
  const begin = (attempt: number) =>
    void Promise.all([loadEngine(), address.renew()]).then(
      ([Engine]) => {
        if (stopping.signal.aborted) return;
        const use = { video, address, options, stopping: stopping.signal };
        playing = Engine.isSupported() ? playLowLatency(Engine, use) : playByBrowser(use);
      },
      () => setTimeout(() => stopping.signal.aborted || begin(attempt + 1), retryAfterMs(attempt)),
    );
  begin(0);
  return {
    chooseQuality: (index) => playing?.chooseQuality(index),
    toEdge: () => playing?.toEdge(),
    delayS: () => playing?.delayS() ?? null,
    past: () => playing?.past() ?? null,
    goBack: (seconds) => playing?.goBack(seconds),
    stop: () => {
      stopping.abort();
      address.stop();
      playing?.stop?.();
      video.removeAttribute("src");
      video.load();
    },
  };
}

interface Use {
  readonly video: HTMLVideoElement;
  readonly address: StreamAddress;
  readonly options: LiveOptions;
  readonly stopping: AbortSignal;
}

function playLowLatency(Engine: typeof Hls, use: Use): Playing {
  const { video, address, options } = use;
  const hls = new Engine({
    // Parts are fragmented MP4 already: there is nothing to transmux that would be worth a worker.
    enableWorker: false,
    lowLatencyMode: true,
    backBufferLength: 30,
    // The engine keeps the picture further from live after a stall, and never less far again.
    liveSyncOnStallIncrease: 0,
    audioPreference: { audioCodec: preferredSound },
    abrEwmaDefaultEstimate: lineRateOfPage() / 2,
    xhrSetup: (request, url) => request.open("GET", withTokenOf(address.url, url), true),
  });
  hls.on(Engine.Events.MANIFEST_PARSED, (_event, { levels, audioTracks }) => {
    // Renditions that go back unequally far are no trouble to this engine, and so one list has both.
    for (const { url } of levels) url.splice(0, url.length, ...url.map(withDvr));
    for (const sound of audioTracks) sound.url = withDvr(sound.url);
    options.onQualities(liveQualities(levels));
  });
  hls.on(Engine.Events.LEVEL_SWITCHED, (_event, { level }) => options.onQuality(shorterSidePx(hls.levels[level])));
  resume(hls, Engine, use);
  leaveStandstills(hls, Engine, use);
  keepPlaying(video, use.stopping);
  hls.loadSource(address.url);
  hls.attachMedia(video);
  return {
    ...keepPlace(hls, Engine, video, use.stopping),
    delayS: () =>
      video.readyState === 0 || hls.latestLevelDetails === null
        ? null
        : delayOf({ latencyS: hls.latency, playingMs: hls.playingDate?.getTime(), nowMs: Date.now() }),
    stop: () => hls.destroy(),
  };
}

/** From this many failures in a row on, the stream is begun anew instead of continued. */
const anewFrom = 4;

const standstillMs = 1_000;

/** Begins anew where the engine waits for nothing that could come. */
function leaveStandstills(hls: Hls, Engine: typeof Hls, use: Use): void {
  const { video, stopping } = use;
  const now = () => performance.now();
  const standstill = new Standstill(now());
  hls.on(Engine.Events.LEVEL_UPDATED, () => standstill.playlistCame(now()));
  hls.on(Engine.Events.FRAG_LOADING, () => standstill.fragmentAsked(now()));
  for (const event of [Engine.Events.FRAG_LOADED, Engine.Events.FRAG_BUFFERED, Engine.Events.ERROR] as const)
    hls.on(event, () => standstill.fragmentCame(now()));
  const timer = setInterval(() => {
    if (standstill.isReached(bufferedAheadS(video), now())) hls.loadSource(use.address.url);
  }, standstillMs);
  stopping.addEventListener("abort", () => clearInterval(timer));
}

/** Goes on after errors for as long as the stream is wanted. */
function resume(hls: Hls, Engine: typeof Hls, use: Use): void {
  const { address, video, stopping } = use;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  stopping.addEventListener("abort", () => clearTimeout(timer));
  const again = async () => {
    // The former address may have ended, or be that of a process that lost the stream.
    await address.renew().catch(() => undefined);
    if (stopping.aborted) return;
    if (hls.levels.length > 0 && failures < anewFrom) hls.startLoad();
    else hls.loadSource(use.address.url);
  };
  hls.on(Engine.Events.FRAG_BUFFERED, () => {
    failures = 0;
  });
  const recover = (isFault: boolean) => {
    failures += 1;
    // Without levels nothing in the playlist could be played, as where its sound is only Opus yet: it is asked for again.
    if (isFault && hls.levels.length > 0 && failures < anewFrom) {
      hls.recoverMediaError();
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => void again(), retryAfterMs(failures - 1));
  };
  // hls.js notices a decoder error only at its next append.
  video.addEventListener("error", () => recover(true), { signal: stopping });
  hls.on(Engine.Events.ERROR, (_event, error: ErrorData) => {
    if (!stopping.aborted && error.fatal) recover(error.type === Engine.ErrorTypes.MEDIA_ERROR);
  });
}

/** Phones without Media Source Extensions play HLS themselves, and choose the quality. */
function playByBrowser({ video, address, stopping }: Use): Playing {
  let failures = 0;
  const again = async () => {
    await address.renew().catch(() => undefined);
    if (stopping.aborted) return;
    video.src = address.url;
    void video.play().catch(() => undefined);
  };
  video.addEventListener(
    "error",
    () => {
      setTimeout(() => stopping.aborted || void again(), retryAfterMs(failures));
      failures += 1;
    },
    { signal: stopping },
  );
  video.addEventListener("playing", () => (failures = 0), { signal: stopping });
  video.src = address.url;
  const edgeS = () => (video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : null);
  const behindS = () => {
    const edge = edgeS();
    return edge === null ? null : Math.max(0, edge - video.currentTime);
  };
  return {
    chooseQuality: () => undefined,
    toEdge: () => {
      const edge = edgeS();
      if (edge !== null) video.currentTime = edge;
    },
    delayS: behindS,
    past: () => pastOf(video.seekable.length > 0 ? video.seekable.start(0) : undefined, behindS(), video.currentTime),
    goBack: (seconds) => {
      const edge = edgeS();
      if (edge !== null) video.currentTime = edge - seconds;
    },
  };
}
