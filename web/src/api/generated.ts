// Made by `npm run generate` from the contracts. Ids are integers below 2^53, times RFC 3339, durations seconds.

export interface Author {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
  is_followed: boolean;
}

export interface ErrorAnswer {
  code: number;
  message: string;
  data: null;
  error: string;
  errors?: Array<{
    field: string;
    message: string;
  }>;
  trace_id: string;
}

export interface FeedVideo {
  reason: "hot" | "follow" | "content" | "similar" | "fresh";
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
}

export interface Instance {
  first_run: boolean;
  registration: "open" | "closed";
  demo: boolean;
  name: string;
  upload_bytes_max: number;
  languages: Array<string>;
  features: Array<string>;
}

export interface Media {
  id: number;
  user_id: number;
  kind: "video" | "image" | "audio";
  mime: string;
  size: number;
  sha256: string;
  width: number;
  height: number;
  duration: number;
  status: "uploaded" | "processing" | "ready" | "failed";
  status_reason: {
    error: string;
    message: string;
  } | null;
  renditions: Array<{
    profile: string;
    width: number;
    height: number;
    bitrate: number;
    url: string;
  }>;
  created_at: string;
  url: string;
  thumbnail_url: string;
  hls_url: string;
  dash_url: string | null;
}

export interface Session {
  user_id: number;
  token: string;
  refresh_token: string;
  expires_at: string;
  role: "user" | "moderator" | "admin";
  user: User | null;
}

export interface TranscodeTask {
  task_id: number;
  media_id: number;
  status: "queued" | "running" | "completed" | "failed" | "cancelled";
  progress: number;
  step: string;
  error: string | null;
}

export interface User {
  id: number;
  username: string;
  nickname: string;
  avatar: string;
  background_image: string;
  gender: number;
  bio: string;
  introduction: string;
  province: string;
  city: string;
  school: string;
  company: string;
  profession: string;
  homepage: string;
  role: "user" | "moderator" | "admin";
  is_verified: boolean;
  created_at: string;
  email?: string;
  phone?: string;
  birthday?: string;
  show_favorites?: boolean;
  show_likes?: boolean;
  show_following?: boolean;
  show_followers?: boolean;
  is_followed: boolean;
  follow_count: number;
  follower_count: number;
  video_count: number;
  like_count: number;
  favorite_count: number;
}

export interface Video {
  id: number;
  user_id: number;
  media_id: number;
  title: string;
  description: string;
  duration: number;
  width: number;
  height: number;
  file_size: number;
  category_id: number | null;
  tags: Array<string>;
  hashtags: Array<string>;
  status: number;
  status_reason: {
    error: string;
    message: string;
  } | null;
  visibility: "public" | "unlisted" | "private";
  is_public: boolean;
  allow_comment: boolean;
  allow_download: boolean;
  is_mine: boolean;
  created_at: string;
  published_at: string | null;
  user: Author;
  play_count: number;
  like_count: number;
  comment_count: number;
  share_count: number;
  favorite_count: number;
  is_liked: boolean;
  is_favorited: boolean;
  cover_url: string;
  video_url: string;
  hls_url: string;
  dash_url: string | null;
  download_url: string | null;
}

/** What each row takes in its path, query and body, and what its envelope carries. */
export interface Rows {
  /** Trades a refresh token for a new pair; using one twice ends the whole family. */
  "auth.refresh": {
    body: {
      refresh_token: string;
    };
    answer: Session;
  };
  /** What a visitor needs to know of this instance. */
  "auth.instance": { answer: Instance };
  /** Removes the demo's users and everything of theirs. */
  "auth.removeDemo": { answer: Record<string, never> };
  /** Makes the administrator with the one-time link printed at start. */
  "auth.claim": {
    body: {
      token: string;
      username: string;
      password: string;
      demo?: boolean;
    };
    answer: Session;
  };
  /** Takes a video, sound or picture as a multipart form with the file in `file`. */
  "media.upload": {
    body: {
      purpose?: "video" | "avatar" | "cover" | "background" | "picture";
      file: Blob;
    };
    answer: Media;
  };
  /** One's own media object. */
  "media.get": { path: { id: number }; answer: Media };
  /** Asks for renditions; a running task is given back as it is. */
  "media.transcode": {
    path: { id: number };
    body: {
      profiles?: Array<string>;
    };
    answer: TranscodeTask;
  };
  /** How far the transcoding of one's own media object is. */
  "media.task": { path: { id: number }; answer: TranscodeTask };
  /** What to watch next. The cursor is opaque; a feed run to its end repeats nothing. */
  "recommend.feed": {
    query: { cursor?: string; limit?: number };
    answer: {
      list: Array<FeedVideo>;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** How much of one's space is in use. */
  "upload.usage": {
    answer: {
      used_bytes: number;
      reserved_bytes: number;
      quota_bytes: number;
      file_bytes_max: number;
    };
  };
  /** A profile by its user name, whatever the case. */
  "user.byName": { path: { username: string }; answer: User };
  /** Signs in with a user name or an e-mail address. */
  "auth.login": {
    body: {
      username: string;
      password: string;
    };
    answer: Session;
  };
  /** Ends the session the token belongs to. */
  "auth.logout": { body: Record<string, never>; answer: Record<string, never> };
  /** Makes an account and signs it in. */
  "auth.register": {
    body: {
      username: string;
      password: string;
      email?: string;
      nickname?: string;
      phone?: string;
      strict?: boolean;
    };
    answer: Session;
  };
  /** A profile; `me` is the caller's own. */
  "user.get": { path: { id: number }; answer: User };
  /** Changes one's own profile; fields that are left out stay. */
  "user.update": {
    path: { id: number };
    body: {
      nickname?: string;
      bio?: string;
      avatar?: string;
      background_image?: string;
      gender?: number;
      birthday?: "" | string;
      province?: string;
      city?: string;
      email?: "" | string;
      phone?: string;
      school?: string;
      company?: string;
      profession?: string;
      homepage?: "" | string;
      introduction?: string;
      show_favorites?: boolean;
      show_likes?: boolean;
      show_following?: boolean;
      show_followers?: boolean;
    };
    answer: User;
  };
  /** Somebody's videos, newest first; one's own include those not public or not ready. */
  "video.ofUser": {
    path: { id: number };
    query: { page?: number; page_size?: number; cursor?: string };
    answer: {
      list: Array<Video>;
      total?: number;
      total_capped?: boolean;
      page: number;
      page_size: number;
      next_cursor: string | null;
      has_more: boolean;
    };
  };
  /** Publishes an uploaded media object, or the file of a multipart form; it shows as soon as it can be played. */
  "video.create": {
    body: {
      title: string;
      video_url?: string;
      duration?: number;
      width?: number;
      height?: number;
      description?: string;
      cover_url?: string;
      category_id?: number;
      tags?: Array<string>;
      hashtags?: Array<string>;
      visibility?: "public" | "unlisted" | "private";
      is_public?: boolean;
      allow_comment?: boolean;
      allow_download?: boolean;
      media_id?: number;
    };
    answer: Video;
  };
  /** A video one may see. */
  "video.get": { path: { id: number }; answer: Video };
  /** Changes one's own video; fields that are left out stay. */
  "video.update": {
    path: { id: number };
    body: {
      title?: string;
      description?: string;
      cover_url?: string;
      category_id?: number;
      tags?: Array<string>;
      hashtags?: Array<string>;
      visibility?: "public" | "unlisted" | "private";
      is_public?: boolean;
      allow_comment?: boolean;
      allow_download?: boolean;
    };
    answer: Video;
  };
  /** Hides one's own video at once; its bytes go after the grace time. */
  "video.remove": { path: { id: number }; answer: Record<string, never> };
  /** Likes a video; again changes nothing. */
  "interaction.like": {
    path: { id: number };
    body: Record<string, never>;
    answer: {
      liked: boolean;
      like_count: number;
    };
  };
  /** Takes a like back. */
  "interaction.unlike": {
    path: { id: number };
    answer: {
      liked: boolean;
      like_count: number;
    };
  };
  /** Tells how far somebody watched; 3 s or 30 % count as one view per viewer and half hour. */
  "interaction.play": {
    path: { id: number };
    body: {
      position?: number;
      duration?: number;
      finished?: boolean;
    };
    answer: Record<string, never>;
  };
}
export type RowId = keyof Rows;

/** Where each row is, below `/api/v1`. */
export const routes = {
  "auth.refresh": { verb: "POST", path: "/auth/refresh" },
  "auth.instance": { verb: "GET", path: "/instance" },
  "auth.removeDemo": { verb: "DELETE", path: "/instance/demo" },
  "auth.claim": { verb: "POST", path: "/instance/first-run" },
  "media.upload": { verb: "POST", path: "/media/upload" },
  "media.get": { verb: "GET", path: "/media/{id}" },
  "media.transcode": { verb: "POST", path: "/media/{id}/transcode" },
  "media.task": { verb: "GET", path: "/media/{id}/transcode" },
  "recommend.feed": { verb: "GET", path: "/recommend/feed" },
  "upload.usage": { verb: "GET", path: "/upload/usage" },
  "user.byName": { verb: "GET", path: "/users/by-name/{username}" },
  "auth.login": { verb: "POST", path: "/users/login" },
  "auth.logout": { verb: "POST", path: "/users/logout" },
  "auth.register": { verb: "POST", path: "/users/register" },
  "user.get": { verb: "GET", path: "/users/{id}" },
  "user.update": { verb: "PUT", path: "/users/{id}" },
  "video.ofUser": { verb: "GET", path: "/users/{id}/videos" },
  "video.create": { verb: "POST", path: "/videos" },
  "video.get": { verb: "GET", path: "/videos/{id}" },
  "video.update": { verb: "PUT", path: "/videos/{id}" },
  "video.remove": { verb: "DELETE", path: "/videos/{id}" },
  "interaction.like": { verb: "POST", path: "/videos/{id}/like" },
  "interaction.unlike": { verb: "DELETE", path: "/videos/{id}/like" },
  "interaction.play": { verb: "POST", path: "/videos/{id}/play" },
} as const satisfies Record<RowId, { verb: "GET" | "POST" | "PUT" | "DELETE"; path: string }>;
