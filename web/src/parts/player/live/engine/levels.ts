import type Hls from "hls.js";
import type { Level } from "hls.js";

type Known = Pick<Level, "width" | "height" | "audioCodec">;

/** The source rendition with the same audio codec as another level. Only the source has a DVR window. Pure. */
export function sourceLevelOf(levels: readonly Known[], current: number): number {
  const pixels = ({ width, height }: Known) => width * height;
  const { audioCodec } = levels[current] ?? {};
  return levels.reduce((best, level, index) => {
    const bestLevel = levels[best];
    const isLarger = bestLevel === undefined || pixels(level) > pixels(bestLevel);
    return level.audioCodec === audioCodec && isLarger ? index : best;
  }, -1);
}

/** Segments this close to the start of the window are removed before they are fetched. */
const marginS = 4;

/** Chooses the level: the viewer's choice or the engine's near live, the source rendition behind it. */
export function levelControl(hls: Hls, Engine: typeof Hls, video: HTMLVideoElement) {
  let chosen = -1;
  let isPinned = false;
  let pendingSeekS: number | undefined;
  const source = () => sourceLevelOf(hls.levels, hls.loadLevel);
  const completeSeek = () => {
    const details = hls.levels[source()]?.details;
    if (pendingSeekS === undefined || details === undefined || details !== hls.latestLevelDetails) return;
    video.currentTime = Math.max(pendingSeekS, details.fragmentStart);
    pendingSeekS = undefined;
  };
  hls.on(Engine.Events.LEVEL_UPDATED, completeSeek);
  /** Pins the source rendition until `release`. */
  const pin = () => {
    const level = source();
    if (!isPinned || hls.loadLevel !== level) hls.loadLevel = level;
    isPinned = true;
  };
  return {
    /** The target of a seek that waits for the playlist of the source rendition. */
    pendingSeekS: () => pendingSeekS,

    /**
     * The start of the DVR window in media time. Smaller renditions list the newest seconds alone: beside them it is that of
     * the audio, which goes back as far as the source rendition.
     */
    startS: (): number | undefined => {
      const sound = hls.audioTracks[hls.audioTrack]?.details?.fragmentStart;
      const pictures = hls.latestLevelDetails?.fragmentStart;
      if (pictures === undefined || sound === undefined) return pictures;
      return hls.loadLevel === source() ? Math.max(pictures, sound) : sound;
    },

    /** Pins the source rendition where the current one has no segments left for the playback position. */
    pinWherePruned: () => {
      const firstS = hls.latestLevelDetails?.fragmentStart;
      if (firstS !== undefined && video.currentTime < firstS + marginS) pin();
    },

    seek: (toS: number): void => {
      pin();
      pendingSeekS = toS;
      completeSeek();
    },

    choose: (index: number | null): void => {
      chosen = index ?? -1;
      if (!isPinned) hls.nextLevel = chosen;
    },

    /** Returns to the viewer's choice, or the engine's. */
    release: (): void => {
      pendingSeekS = undefined;
      if (isPinned) hls.loadLevel = chosen;
      isPinned = false;
    },
  };
}
