/** Unlocks of videos with a password, by their ids: kept as long as the tab, and sent with requests about the video. */
const key = "kinora.unlocks";
const keptMax = 50;

type Unlocks = Readonly<Record<string, string>>;

/** Stored ones, whatever stands there; what does not fit is left out. Pure. */
export function parseUnlocks(text: string | null): Unlocks {
  try {
    const stored: unknown = JSON.parse(text ?? "null");
    if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return {};
    const fitting = Object.entries(stored).filter(
      (entry): entry is [string, string] => /^\d{1,16}$/.test(entry[0]) && /^[\w.-]{1,200}$/.test(String(entry[1])),
    );
    return Object.fromEntries(fitting.slice(-keptMax));
  } catch {
    return {};
  }
}

/** Nothing where a page may keep nothing. */
const stored = (): Unlocks => (typeof sessionStorage === "undefined" ? {} : parseUnlocks(sessionStorage.getItem(key)));

export const unlockOf = (videoId: number | string): string | undefined => stored()[String(videoId)];

export function keepUnlock(videoId: number, unlock: string): void {
  const { [String(videoId)]: _, ...others } = stored();
  sessionStorage.setItem(key, JSON.stringify({ ...others, [videoId]: unlock }));
}

/** Whether a row of the API is about one video, whose id its path has. Pure. */
export const isOfVideo = (path: string): boolean => /^\/(?:videos|streaming)\/\{id\}(?:\/|$)/.test(path);
