import type { RawRoute } from "../../raw-route.ts";

const forms = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"];
const common = { group: "douyin", scope: "douyin", answers: "application/json", credential: "header" } as const;
const look = { ...common, verb: "GET", auth: "public", rate: "read", kind: "query" } as const;
const enter = { ...common, verb: "POST", auth: "public", rate: "login", kind: "command", takes: forms } as const;
const act = { ...common, verb: "POST", auth: "user", rate: "write", kind: "command", takes: forms } as const;
const lookSignedIn = { ...look, auth: "user" } as const;
const ofUser = ["user_id", "token"];

const declared: readonly RawRoute[] = [
  {
    ...look,
    path: "/douyin/feed/",
    name: "feed",
    summary: "Published videos, newest first, strictly before `latest_time`.",
    query: ["latest_time", "token"],
  },
  {
    ...enter,
    path: "/douyin/user/register/",
    name: "register",
    summary: "Creates an account and signs in for thirty days.",
    query: ["username", "password"],
  },
  {
    ...enter,
    path: "/douyin/user/login/",
    name: "login",
    summary: "Signs in for thirty days.",
    query: ["username", "password"],
  },
  {
    ...lookSignedIn,
    path: "/douyin/user/",
    name: "user",
    summary: "A user; the caller when none is named.",
    query: ofUser,
  },
  {
    ...act,
    path: "/douyin/publish/action/",
    name: "publish",
    summary: "Publishes the video in `data`.",
    rate: "upload",
    takes: ["multipart/form-data"],
    query: ["title", "token"],
  },
  {
    ...look,
    path: "/douyin/publish/list/",
    name: "published",
    summary: "The videos of a user, the latest published first; the caller's own newest first.",
    query: ofUser,
  },
  {
    ...act,
    path: "/douyin/favorite/action/",
    name: "favorite",
    summary: "Likes a video (1), or unlikes it (2).",
    query: ["video_id", "action_type", "token"],
  },
  {
    ...lookSignedIn,
    path: "/douyin/favorite/list/",
    name: "favorites",
    summary: "The videos a user likes, latest like first.",
    query: ofUser,
  },
  {
    ...act,
    path: "/douyin/comment/action/",
    name: "comment",
    summary: "Adds a comment to a video (1), or deletes one (2).",
    query: ["video_id", "action_type", "comment_text", "comment_id", "token"],
  },
  {
    ...look,
    path: "/douyin/comment/list/",
    name: "comments",
    summary: "The comments of a video, newest first.",
    query: ["video_id", "token"],
  },
  {
    ...act,
    path: "/douyin/relation/action/",
    name: "relate",
    summary: "Follows a user (1), or unfollows them (2).",
    query: ["to_user_id", "action_type", "token"],
  },
  {
    ...lookSignedIn,
    path: "/douyin/relation/follow/list/",
    name: "following",
    summary: "The accounts a user follows, latest first.",
    query: ofUser,
  },
  {
    ...lookSignedIn,
    path: "/douyin/relation/follower/list/",
    name: "followers",
    summary: "The followers of a user, latest first.",
    query: ofUser,
  },
  {
    ...lookSignedIn,
    path: "/douyin/relation/friend/list/",
    name: "friends",
    summary: "The mutual follows of a user, with the latest message between each and the caller.",
    query: ofUser,
  },
  {
    ...act,
    path: "/douyin/message/action/",
    name: "send",
    summary: "Sends a message to a user.",
    query: ["to_user_id", "action_type", "content", "token"],
  },
  {
    ...lookSignedIn,
    path: "/douyin/message/chat/",
    name: "chat",
    summary: "The messages of two users after `pre_msg_time`, oldest first.",
    query: ["to_user_id", "pre_msg_time", "token"],
  },
];

const picture = { ...look, answers: "image/png", rate: "media" } as const;
const pictures: readonly RawRoute[] = [
  { ...picture, path: "/douyin/avatar.png", name: "avatar", summary: "The default avatar." },
  { ...picture, path: "/douyin/cover.png", name: "cover", summary: "The placeholder of a cover that is not ready." },
];

/** The Douyin-compatible API. Clients leave the slash at the end of a path away, and follow no redirect. */
export const douyinRoutes: readonly RawRoute[] = [
  ...declared.flatMap((route) => [route, { ...route, path: route.path.slice(0, -1) }]),
  ...pictures,
];
