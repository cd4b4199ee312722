import type { Visibility } from "../api/types.ts";

/** What somebody has typed about a video that is not published yet. Kept on this device until it is. */
export interface Draft {
  title: string;
  description: string;
  visibility: Visibility;
  allowDownload: boolean;
  coverUrl: string | null;
  /** The uploaded file, once it is there; `null` while it is on its way or not chosen. */
  media: { id: number; name: string; sizeBytes: number } | null;
}

export const emptyDraft: Draft = {
  title: "",
  description: "",
  visibility: "public",
  allowDownload: true,
  coverUrl: null,
  media: null,
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A stored draft, whatever an older version or a curious person left there; what does not fit is left out. */
export function parseDraft(text: string | null): Draft {
  const stored = parse(text);
  if (!isObject(stored)) return emptyDraft;
  const { title, description, visibility, allowDownload, coverUrl, media } = stored;
  return {
    title: typeof title === "string" ? title : "",
    description: typeof description === "string" ? description : "",
    visibility: visibility === "unlisted" || visibility === "private" ? visibility : "public",
    allowDownload: allowDownload !== false,
    // Only what our own server handed out: a path of this site.
    coverUrl: typeof coverUrl === "string" && /^\/(?!\/)/.test(coverUrl) ? coverUrl : null,
    media: parseMedia(media),
  };
}

function parseMedia(media: unknown): Draft["media"] {
  if (!isObject(media)) return null;
  const { id, name, sizeBytes } = media;
  if (typeof id !== "number" || typeof name !== "string" || typeof sizeBytes !== "number") return null;
  return { id, name, sizeBytes };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** A first title from a file's name: `my_summer-trip.final.mp4` → `my summer trip.final`. At most 200 characters. */
export function titleOf(fileName: string): string {
  const name = fileName
    .replace(/\.[a-z0-9]{2,5}$/i, "")
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return Array.from(name).slice(0, 200).join("");
}
