import type { NewVideo, Visibility } from "#base/api/types.ts";
import { localMs } from "#base/format/local-time.ts";
import { firstCharacters } from "#base/text/characters.ts";
import { addTags } from "#base/ui/fields/tags.ts";
import { visibilities } from "#base/ui/fields/visibilities.ts";
import { emptyGate, gateChange, type GateDraft, gateDraftFrom } from "#parts/gates/gate-draft.ts";
import { isObject } from "./queue/item.ts";

const whens = ["now", "later", "draft"] as const;
export type When = (typeof whens)[number];

/** The typed details of a video that is not published yet. Kept on this device until it is. */
export interface Draft {
  title: string;
  description: string;
  visibility: Visibility;
  /** The password of a video with one; never stored on the device. */
  password: string;
  /** The rule of a locked video. */
  gate: GateDraft;
  allowComment: boolean;
  allowDownload: boolean;
  categoryId: number | null;
  tags: readonly string[];
  /** When it is to be published; `later` at `publishAt`. */
  when: When;
  /** By this device's clock, as a form has it. */
  publishAt: string;
  coverUrl: string | null;
  /** The moment of the video that is its cover, in seconds; `null` for the automatic one and for an own picture. */
  coverAtS: number | null;
  /** The uploaded file, once it is there; `null` while it is on its way or not chosen. */
  media: { id: number; name: string; sizeBytes: number } | null;
  /** The address that the server fetches the film from, in place of a file sent from here. */
  address: string | null;
  /**
   * Names this publishing: sent again after a lost answer, it makes no second video. It belongs to exactly what is sent,
   * so {@link revise} gives a new one with every change; `null` while there is nothing to send.
   */
  publishKey: string | null;
}

export const emptyDraft: Draft = {
  title: "",
  description: "",
  visibility: "public",
  password: "",
  gate: emptyGate,
  allowComment: true,
  allowDownload: true,
  categoryId: null,
  tags: [],
  when: "now",
  publishAt: "",
  coverUrl: null,
  coverAtS: null,
  media: null,
  address: null,
  publishKey: null,
};

/** The draft after a change of `part`. `newKey` makes a random key; it is asked only where one is needed. Pure. */
export function revise(draft: Draft, part: Partial<Draft>, newKey: () => string): Draft {
  const revised = { ...draft, ...part };
  const body = bodyOf(revised);
  if (body === null) return { ...revised, publishKey: null };
  const isSame = draft.publishKey !== null && JSON.stringify(bodyOf(draft)) === JSON.stringify(body);
  return { ...revised, publishKey: isSame ? draft.publishKey : newKey() };
}

/** The request that publishes this draft; `null` while there is neither its file nor an address of it. Pure. */
export function bodyOf({
  media,
  address,
  title,
  description,
  visibility,
  password,
  gate,
  allowComment,
  allowDownload,
  categoryId,
  tags,
  when,
  publishAt,
  coverUrl,
}: Draft): NewVideo | null {
  if (media === null && address === null) return null;
  return {
    title: title.trim(),
    description: description.trim(),
    ...(media !== null && { media_id: media.id }),
    ...(media === null && address !== null && { video_url: address }),
    visibility,
    ...(visibility === "password" && { password }),
    ...(visibility === "gated" && gateChange(gate, password)),
    allow_comment: allowComment,
    allow_download: allowDownload,
    ...(categoryId !== null && { category_id: categoryId }),
    ...(tags.length > 0 && { tags: [...tags] }),
    ...(when === "draft" && { draft: true }),
    ...(when === "later" && { publish_at: new Date(localMs(publishAt) ?? 0).toISOString() }),
    ...(coverUrl != null && { cover_url: coverUrl }),
  };
}

/** A stored draft, whatever an older version or a curious user left there; what does not fit is left out. Pure. */
export function draftFrom(stored: unknown): Draft {
  if (!isObject(stored)) return emptyDraft;
  const { title, description, visibility, allowComment, allowDownload, categoryId, when, publishAt } = stored;
  const { gate, tags, coverUrl, coverAtS, media, address, publishKey } = stored;
  return {
    title: typeof title === "string" ? title : "",
    description: typeof description === "string" ? description : "",
    visibility: visibilities.find((option) => option === visibility) ?? "public",
    password: "",
    gate: gateDraftFrom(gate),
    allowComment: allowComment !== false,
    allowDownload: allowDownload !== false,
    categoryId:
      typeof categoryId === "number" && Number.isSafeInteger(categoryId) && categoryId > 0 ? categoryId : null,
    tags: Array.isArray(tags) ? addTags([], tags.filter((tag) => typeof tag === "string").join(",")).tags : [],
    when: whens.find((option) => option === when) ?? "now",
    publishAt: typeof publishAt === "string" && localMs(publishAt) !== null ? publishAt : "",
    // Only what our own server handed out: a path of this site.
    coverUrl: typeof coverUrl === "string" && /^\/(?!\/)/.test(coverUrl) ? coverUrl : null,
    coverAtS: typeof coverAtS === "number" && Number.isFinite(coverAtS) ? coverAtS : null,
    media: parseMedia(media),
    address: typeof address === "string" ? addressOf(address) : null,
    publishKey: typeof publishKey === "string" && /^[\w-]{16,200}$/.test(publishKey) ? publishKey : null,
  };
}

function parseMedia(media: unknown): Draft["media"] {
  if (!isObject(media)) return null;
  const { id, name, sizeBytes } = media;
  if (typeof id !== "number" || typeof name !== "string" || typeof sizeBytes !== "number") return null;
  return { id, name, sizeBytes };
}

/** A typed web address, in full; `null` where it is none. At most 2,000 letters. */
export function addressOf(text: string): string | null {
  const url = URL.parse(text.trim());
  return url !== null && /^https?:$/.test(url.protocol) && url.href.length <= 2_000 ? url.href : null;
}

/** The name of the file at an address: its last part that has letters, else the host. */
export function fileNameOf(address: string): string {
  const { pathname, host } = new URL(address);
  const last = pathname.split("/").findLast((part) => part !== "") ?? host;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** A first title from a file's name: `my_summer-trip.final.mp4` → `my summer trip.final`. At most 200 characters. */
export function titleOf(fileName: string): string {
  const name = fileName
    .replace(/\.[a-z0-9]{2,5}$/i, "")
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return firstCharacters(name, 200);
}
