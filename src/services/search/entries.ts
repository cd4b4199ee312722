import type { Id } from "#kernel";
import { nameKey } from "#kernel/text";
import type { HashtagEntry } from "./hashtag-store.ts";
import { gramsOf, termsOf } from "./terms.ts";
import type { UserEntry } from "./user-store.ts";
import type { VideoEntry } from "./video-store.ts";

/** What video tells of a video. */
export interface ToldVideo {
  readonly videoId: Id;
  readonly userId: Id;
  readonly title: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly hashtags: readonly string[];
  readonly visibility: string;
  readonly publishedAtMs: number | null;
  readonly version: number;
}

/** A video as it is found; of what is not public and published nothing but its version is kept. Pure. */
export function videoEntry({
  videoId,
  userId,
  title,
  visibility,
  publishedAtMs,
  version,
  ...told
}: ToldVideo): VideoEntry {
  const isShown = visibility === "public" && publishedAtMs !== null;
  const { description = "", tags = [], hashtags } = told;
  return {
    videoId,
    authorId: userId,
    version,
    titleKey: isShown ? nameKey(title.trim()) : "",
    // A line of its own each, so that no pair reaches from one into the next.
    terms: isShown ? termsOf([title, description, ...tags, ...hashtags].join("\n")) : null,
    publishedAtMs: publishedAtMs ?? 0,
  };
}

/** What is told of somebody before their profile was ever changed. */
export const firstVersion = 1;

/** Somebody as they are found. Pure. */
export const userEntry = (told: { userId: Id; username: string; nickname: string; version: number }): UserEntry => ({
  userId: told.userId,
  version: told.version,
  username: told.username,
  usernameKey: nameKey(told.username),
  nicknameKey: nameKey(told.nickname),
  grams: [...new Set([...gramsOf(told.username), ...gramsOf(told.nickname)])],
  words: termsOf(`${told.username}\n${told.nickname}`),
});

/** A hashtag as it is found. Pure. */
export const hashtagEntry = ({ id, name }: { id: Id; name: string }): HashtagEntry => ({
  hashtagId: id,
  key: nameKey(name),
  name,
  terms: termsOf(name),
});
