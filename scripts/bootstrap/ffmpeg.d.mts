/** The builds that are fetched where no FFmpeg is found, by platform and architecture. */
export const provided: Readonly<
  Record<string, { readonly name: string; readonly version: string; readonly integrity: string }>
>;
/** Puts an FFmpeg that is new enough on PATH, fetching one where none is found; says so when there is none. */
export function provideFfmpeg(): Promise<void>;
/** The path of the FFmpeg that is fetched where none is found, fetched now if need be. */
export function fetchedFfmpeg(): Promise<string>;
/** The first folder of a search path with an FFmpeg that is new enough. */
export function installedFolder(searchPath: string): Promise<string | undefined>;
