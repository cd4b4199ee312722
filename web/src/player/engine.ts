import type Hls from "hls.js";
import type { ErrorData } from "hls.js";

/** A rendition the viewer can choose, named by its shorter side in pixels, as in `720p`. */
export interface Quality {
  index: number;
  heightPx: number;
}

interface EngineOptions {
  /** How far ahead to fetch, in seconds. */
  bufferS: number;
  /** Never fetch more pixels than are shown. */
  capToSize?: boolean;
  onQualities?: (qualities: readonly Quality[]) => void;
  onQuality?: (heightPx: number) => void;
  /** The source cannot be played; nothing will be tried again. */
  onFatal?: () => void;
}

export interface Engine {
  setBuffer: (seconds: number) => void;
  /** `null` lets the player choose. */
  chooseQuality: (index: number | null) => void;
  stop: () => void;
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

const recoveriesMax = 3;

/** Plays the HLS source `url` in `video` until stopped. The first frame is shown as soon as it is there, paused or not. */
export function attach(video: HTMLVideoElement, url: string, options: EngineOptions): Engine {
  let hls: Hls | null = null;
  let stopped = false;
  let bufferS = options.bufferS;

  const start = (Engine: typeof Hls) => {
    if (stopped) return;
    if (!Engine.isSupported()) {
      // Phones without Media Source Extensions play HLS themselves.
      video.src = url;
      return;
    }
    hls = new Engine({
      // Segments are fragmented MP4 already: there is nothing to transmux that would be worth a worker.
      enableWorker: false,
      maxBufferLength: bufferS,
      maxMaxBufferLength: 60,
      backBufferLength: 15,
      capLevelToPlayerSize: options.capToSize ?? false,
      startFragPrefetch: true,
      // Begin as if on an ordinary line; the first segments correct it.
      abrEwmaDefaultEstimate: 3_000_000,
    });
    listen(hls, Engine, options, () => stopped);
    hls.loadSource(url);
    hls.attachMedia(video);
  };
  loadEngine().then(start, () => options.onFatal?.());

  return {
    setBuffer: (seconds) => {
      bufferS = seconds;
      if (hls !== null) hls.config.maxBufferLength = seconds;
    },
    chooseQuality: (index) => {
      if (hls !== null) hls.nextLevel = index ?? -1;
    },
    stop: () => {
      stopped = true;
      hls?.destroy();
      hls = null;
      video.removeAttribute("src");
      video.load();
    },
  };
}

function listen(hls: Hls, Engine: typeof Hls, options: EngineOptions, isStopped: () => boolean) {
  const heightOf = (index: number) => {
    const level = hls.levels[index];
    return level === undefined ? 0 : Math.min(level.width || level.height, level.height);
  };
  hls.on(Engine.Events.MANIFEST_PARSED, () => {
    const qualities = hls.levels.map((_level, index) => ({ index, heightPx: heightOf(index) }));
    options.onQualities?.(qualities.filter(({ heightPx }) => heightPx > 0).toSorted((a, b) => b.heightPx - a.heightPx));
  });
  hls.on(Engine.Events.LEVEL_SWITCHED, (_event, { level }) => options.onQuality?.(heightOf(level)));

  let recoveries = 0;
  hls.on(Engine.Events.ERROR, (_event, error: ErrorData) => {
    if (!error.fatal || isStopped()) return;
    recoveries += 1;
    const gone = error.response?.code === 404 || error.response?.code === 403;
    if (gone || recoveries > recoveriesMax) {
      options.onFatal?.();
      return;
    }
    if (error.type === Engine.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else if (error.type === Engine.ErrorTypes.NETWORK_ERROR) {
      const again = () => {
        if (isStopped()) return;
        if (hls.levels.length === 0) hls.loadSource(hls.url ?? "");
        else hls.startLoad();
      };
      setTimeout(again, 500 * 2 ** recoveries);
    } else options.onFatal?.();
  });
}
