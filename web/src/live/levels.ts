import type Hls from "hls.js";
import type { Level } from "hls.js";

type Known = Pick<Level, "width" | "height" | "audioCodec">;

/** The pictures as they were sent, with the sound of another level: what viewers go back to has these alone. Pure. */
export function sentLevelOf(levels: readonly Known[], current: number): number {
  const pixels = ({ width, height }: Known) => width * height;
  const { audioCodec } = levels[current] ?? {};
  return levels.reduce((best, level, index) => {
    const known = levels[best];
    const isLarger = known === undefined || pixels(level) > pixels(known);
    return level.audioCodec === audioCodec && isLarger ? index : best;
  }, -1);
}

/** Segments that leave a playlist are there for a while; those in front of the picture are wanted meanwhile. */
const marginS = 4;

/** Which rendition plays: what is chosen, or near live the engine's choice; for who has gone back the one that was sent. */
export function keepLevels(hls: Hls, Engine: typeof Hls, video: HTMLVideoElement) {
  let chosen = -1;
  let isKept = false;
  let wantedS: number | undefined;
  const sent = () => sentLevelOf(hls.levels, hls.loadLevel);
  const arrive = () => {
    const details = hls.levels[sent()]?.details;
    if (wantedS === undefined || details === undefined || details !== hls.latestLevelDetails) return;
    video.currentTime = Math.max(wantedS, details.fragmentStart);
    wantedS = undefined;
  };
  hls.on(Engine.Events.LEVEL_UPDATED, arrive);
  /** What comes next is what was sent, until the viewer is near live again. */
  const keep = () => {
    const level = sent();
    if (!isKept || hls.loadLevel !== level) hls.loadLevel = level;
    isKept = true;
  };
  return {
    /** The time that is gone to, until its playlist is there. */
    wantedS: () => wantedS,

    /** Where the past begins, in the time of the video: that of the sound may be shorter. */
    startS: (): number | undefined => {
      const sound = hls.audioTracks[hls.audioTrack]?.details?.fragmentStart ?? Number.NEGATIVE_INFINITY;
      const pictures = hls.latestLevelDetails?.fragmentStart;
      return pictures === undefined ? undefined : Math.max(pictures, sound);
    },

    /** After a pause: what was sent goes on where a smaller rendition has nothing left of this time. */
    keepWhereGone: () => {
      const firstS = hls.latestLevelDetails?.fragments.find(({ gap }) => gap !== true)?.start;
      if (firstS !== undefined && video.currentTime < firstS + marginS) keep();
    },

    seek: (toS: number): void => {
      keep();
      wantedS = toS;
      arrive();
    },

    choose: (index: number | null): void => {
      chosen = index ?? -1;
      if (!isKept) hls.nextLevel = chosen;
    },

    /** The viewer is near live again. */
    release: (): void => {
      wantedS = undefined;
      if (isKept) hls.loadLevel = chosen;
      isKept = false;
    },
  };
}
