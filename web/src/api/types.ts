/** The edge's answers, in the edge's spelling. Ids are integers below 2^53; times are RFC 3339; durations seconds. */

export type Visibility = "public" | "unlisted" | "private";

export interface UserBrief {
  id: number;
  username: string;
  nickname: string;
  avatar: string | null;
  is_followed: boolean;
}

export interface User extends UserBrief {
  bio: string;
  background_image: string | null;
  video_count: number;
  like_count: number;
  created_at: string;
  /** Given to oneself only. */
  role?: "user" | "moderator" | "admin";
}

export interface Video {
  id: number;
  user_id: number;
  user: UserBrief;
  title: string;
  description: string;
  /** Empty where there is none. */
  cover_url: string;
  /** Empty until it can be played. */
  hls_url: string;
  download_url: string | null;
  duration: number;
  width: number;
  height: number;
  play_count: number;
  like_count: number;
  /** 0 processing, 1 published, 2 could not be processed, 3 taken down. */
  status: 0 | 1 | 2 | 3;
  status_reason: Reason | null;
  visibility: Visibility;
  allow_comment: boolean;
  allow_download: boolean;
  is_liked: boolean;
  is_mine: boolean;
  created_at: string;
  published_at: string | null;
}

interface Reason {
  error: string;
  message: string;
}

type FeedReason = "hot" | "follow" | "content" | "similar" | "fresh";
export type FeedVideo = Video & { reason: FeedReason };

export interface Feed<Item> {
  list: Item[];
  next_cursor: string | null;
  has_more: boolean;
}

export interface Page<Item> {
  list: Item[];
  total: number;
  next_cursor: string | null;
}

export interface Media {
  id: number;
  kind: "video" | "image" | "audio";
  mime: string;
  size: number;
  url: string;
  thumbnail_url: string | null;
  status: "uploaded" | "processing" | "ready" | "failed";
}

export interface Task {
  status: "queued" | "running" | "completed" | "failed" | "cancelled";
  /** 0–100. */
  progress: number;
  error: Reason | string | null;
}

export interface Session {
  user_id: number;
  user: User;
}

export interface Instance {
  name: string;
  registration: "open" | "closed";
  first_run: boolean;
  demo: boolean;
  features: string[];
  upload_bytes_max: number;
  languages: string[];
}

export interface Liked {
  liked: boolean;
  like_count: number;
}

/** The fields of a video its owner may change. */
export interface VideoChange {
  title?: string;
  description?: string;
  cover_url?: string;
  visibility?: Visibility;
  allow_download?: boolean;
}

export interface NewVideo {
  title: string;
  description: string;
  media_id: number;
  cover_url?: string;
  visibility: Visibility;
  allow_comment: boolean;
  allow_download: boolean;
}

export interface ProfileChange {
  nickname?: string;
  bio?: string;
  avatar?: string;
}
