import type Hls from "hls.js";
import { loadEngine } from "../player/engine.ts";
import { lineRateOfPage } from "../player/line-rate.ts";
import { preferredSound } from "./live-qualities.ts";
import { followStream, type StreamAddress, withTokenOf } from "./stream-address.ts";

/** A stream that nobody has taken by then is not loaded any longer. */
const untakenMsMax = 10_000;

/** A stream whose address, engine and playlists are on their way, or there. */
export interface EarlyStream {
  readonly address: StreamAddress;
  /** The engine, which loads already; null where the browser plays by itself. Rejects where there is no stream. */
  readonly engine: Promise<{ Engine: typeof Hls; hls: Hls | null }>;
}

interface Waiting extends EarlyStream {
  readonly discard: () => void;
  readonly timer: ReturnType<typeof setTimeout>;
}
const waiting = new Map<number, Waiting>();

/**
 * Begins to load the stream of a room before there is an element that plays it: drawing a room takes as long as its
 * playlists do. `isOnAir` says whether there is one. Yields what ends that, unless a player has taken it.
 */
export function openEarly(liveId: number, isOnAir: Promise<boolean>): () => void {
  waiting.get(liveId)?.discard();
  const stream = openStream(followStream(liveId), isOnAir);
  const discard = () => {
    if (waiting.get(liveId) !== entry) return;
    waiting.delete(liveId);
    clearTimeout(entry.timer);
    stream.address.stop();
    stream.engine.then(({ hls }) => hls?.destroy()).catch(() => undefined);
  };
  const entry: Waiting = { ...stream, discard, timer: setTimeout(discard, untakenMsMax) };
  waiting.set(liveId, entry);
  // Who takes it has listeners for errors; one before that is for a player that begins anew.
  stream.engine.then(({ Engine, hls }) => hls?.on(Engine.Events.ERROR, (_, { fatal }) => fatal && discard()), discard);
  return discard;
}

/** The stream of a room that was begun early, once; or one that begins now. */
export function takeStream(liveId: number): EarlyStream {
  const entry = waiting.get(liveId);
  if (entry === undefined) return openStream(followStream(liveId));
  waiting.delete(liveId);
  clearTimeout(entry.timer);
  return entry;
}

/** Opens a stream at its address, where there is one. */
export function openStream(address: StreamAddress, isOnAir = Promise.resolve(true)): EarlyStream {
  const addressed = isOnAir.then((isThere) => {
    if (!isThere) throw new Error("the room is not on air");
    return address.renew();
  });
  const engine = Promise.all([loadEngine(), addressed]).then(([Engine]) => {
    if (!Engine.isSupported()) return { Engine, hls: null };
    const hls = new Engine({
      // Parts are fragmented MP4 already: there is nothing to transmux that would be worth a worker.
      enableWorker: false,
      lowLatencyMode: true,
      startFragPrefetch: true,
      backBufferLength: 30,
      audioPreference: { audioCodec: preferredSound },
      abrEwmaDefaultEstimate: lineRateOfPage() / 2,
      xhrSetup: (request, url) => request.open("GET", withTokenOf(address.url, url), true),
    });
    hls.loadSource(address.url);
    return { Engine, hls };
  });
  return { address, engine };
}
