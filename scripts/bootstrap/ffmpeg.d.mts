/** Puts an FFmpeg that is new enough on PATH, fetching one where none is found; says so when there is none. */
export function provideFfmpeg(): Promise<void>;
/** The path of the FFmpeg that is fetched where none is found, fetched now if need be. */
export function fetchedFfmpeg(): Promise<string>;
