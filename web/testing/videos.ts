import type { Comment, User, Video } from "#base/api/types.ts";

/** A user as a page gets it, with what a test needs of it. */
export const userNamed = (username: string, part: Partial<User> = {}): User =>
  ({ id: 2, username, nickname: "", avatar: "", role: "user", is_followed: false, follower_count: 0, ...part }) as User;

/** A published video as a page gets it, with what a test needs of it. */
export const videoOf = (part: Partial<Video> = {}): Video =>
  ({
    id: 7,
    title: "Cloud forest",
    duration: 65,
    is_liked: false,
    like_count: 3,
    comment_count: 0,
    user: userNamed("noor"),
    ...part,
  }) as Video;

/** A comment on that video as a page gets it, with what a test needs of it. */
export const commentOf = (part: Partial<Comment> = {}): Comment =>
  ({
    id: 10,
    video_id: 7,
    root_id: null,
    parent_id: null,
    content: "A fine forest",
    like_count: 0,
    reply_count: 0,
    is_liked: false,
    is_mine: false,
    is_pinned: false,
    is_held: false,
    is_by_owner: false,
    created_at: new Date().toISOString(),
    edited_at: null,
    user: userNamed("noor"),
    ...part,
  }) as Comment;
