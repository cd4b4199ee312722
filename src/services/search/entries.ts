import type { Id } from "#kernel";
import { nameKey } from "#kernel/text";
import type { HashtagEntry } from "./hashtag-store.ts";
import { gramsOf, termsOf } from "./terms.ts";
import type { UserEntry } from "./user-store.ts";
import type { VideoEntry } from "./video-store.ts";

/** A video as its events describe it. */
export interface VideoState {
  readonly videoId: Id;
  readonly userId: Id;
  readonly title: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly hashtags: readonly string[];
  readonly visibility: string;
  readonly publishedAtMs: number | null;
  readonly version: number;
  readonly durationMs?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** The index entry of a video; of one that is not public and published nothing but the version is stored. Pure. */
export function videoEntry({
  videoId,
  userId,
  title,
  visibility,
  publishedAtMs,
  version,
  ...rest
}: VideoState): VideoEntry {
  const isVisible = visibility === "public" && publishedAtMs !== null;
  const { description = "", tags = [], hashtags } = rest;
  return {
    videoId,
    authorId: userId,
    version,
    titleKey: isVisible ? nameKey(title.trim()) : "",
    // A line of its own each, so that no pair reaches from one into the next.
    terms: isVisible ? termsOf([title, description, ...tags, ...hashtags].join("\n")) : null,
    publishedAtMs: publishedAtMs ?? 0,
  };
}

/** The version of a profile before its first change. */
export const firstVersion = 1;

/** The index entry of a user. Pure. */
export const userEntry = (profile: { userId: Id; username: string; nickname: string; version: number }): UserEntry => ({
  userId: profile.userId,
  version: profile.version,
  username: profile.username,
  usernameKey: nameKey(profile.username),
  nicknameKey: nameKey(profile.nickname),
  grams: [...new Set([...gramsOf(profile.username), ...gramsOf(profile.nickname)])],
  words: termsOf(`${profile.username}\n${profile.nickname}`),
});

/** The index entry of a hashtag. Pure. */
export const hashtagEntry = ({ id, name }: { id: Id; name: string }): HashtagEntry => ({
  hashtagId: id,
  key: nameKey(name),
  name,
  terms: termsOf(name),
});
