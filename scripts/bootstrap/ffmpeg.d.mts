/** Puts an FFmpeg that is new enough on PATH, fetching one where none is found; says so when there is none. */
export function provideFfmpeg(): Promise<void>;
