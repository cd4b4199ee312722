import type { User, Video } from "#base/api/types.ts";

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
