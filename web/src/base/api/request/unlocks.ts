/**
 * Unlocks of things with a password: kept as long as the tab, and sent with requests about them. A video is named by its
 * id, a live room by `live/` and its id, a playlist by `playlist/` and its id.
 */
const key = "kinora.unlocks";
const keptMax = 50;

type Unlocks = Readonly<Record<string, string>>;

/** Stored ones, whatever stands there; what does not fit is left out. Pure. */
export function parseUnlocks(text: string | null): Unlocks {
  try {
    const stored: unknown = JSON.parse(text ?? "null");
    if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return {};
    const fitting = Object.entries(stored).filter(
      (entry): entry is [string, string] =>
        /^(?:live\/|playlist\/)?\d{1,16}$/.test(entry[0]) && /^[\w.-]{1,200}$/.test(String(entry[1])),
    );
    return Object.fromEntries(fitting.slice(-keptMax));
  } catch {
    return {};
  }
}

/** Nothing where a page may keep nothing. */
const readUnlocks = (): Unlocks =>
  typeof sessionStorage === "undefined" ? {} : parseUnlocks(sessionStorage.getItem(key));

export const unlockOf = (subject: string): string | undefined => readUnlocks()[subject];

export function keepUnlock(subject: string, unlock: string): void {
  const { [subject]: _, ...otherUnlocks } = readUnlocks();
  sessionStorage.setItem(key, JSON.stringify({ ...otherUnlocks, [subject]: unlock }));
}

/** The subject of an unlock of a live room. Pure. */
export const lockedLive = (id: number | string): string => `live/${id}`;

/** The subject of an unlock of a playlist. Pure. */
export const lockedPlaylist = (id: number | string): string => `playlist/${id}`;

/** The subject of a request by its path, if that may have a password; the kind of a gate's thing is in its path. Pure. */
export function lockedSubject(path: string, id: number | string, kind?: number | string): string | undefined {
  if (path.startsWith("/gates/{kind}/{id}"))
    return kind === "live" ? lockedLive(id) : kind === "playlist" ? lockedPlaylist(id) : String(id);
  if (/^\/(?:videos|streaming)\/\{id\}(?:\/|$)/.test(path)) return String(id);
  if (/^\/playlists\/\{id\}(?:\/|$)/.test(path)) return lockedPlaylist(id);
  if (/^\/lives\/\{id\}(?:\/|$)/.test(path)) return lockedLive(id);
  return undefined;
}
