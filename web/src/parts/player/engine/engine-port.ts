/** A rendition the viewer can choose, named by its shorter side in pixels, as in `720p`. */
export interface Quality {
  index: number;
  heightPx: number;
}

/** Captions the viewer can choose. */
export interface CaptionTrack {
  index: number;
  language: string;
  label: string;
}

/** A player of one source, by hls.js or by the browser. */
export interface Engine {
  setBuffer: (seconds: number) => void;
  /** `null` lets the player choose. */
  chooseQuality: (index: number | null) => void;
  /** `null` shows none. */
  chooseCaptions: (index: number | null) => void;
  chooseSound: (index: number) => void;
  stop: () => void;
}
