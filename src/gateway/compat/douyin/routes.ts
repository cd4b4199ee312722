import type { RawRoute } from "../../raw-route.ts";

const forms = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"];
const common = { group: "douyin", answers: "application/json", credential: "header" } as const;
const look = { ...common, verb: "GET", auth: "public", rate: "read", kind: "query" } as const;
const enter = { ...common, verb: "POST", auth: "public", rate: "login", kind: "command", takes: forms } as const;
const act = { ...common, verb: "POST", auth: "user", rate: "write", kind: "command", takes: forms } as const;
const own = { ...look, auth: "user" } as const;
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
    summary: "Makes an account and signs it in for thirty days.",
    query: ["username", "password"],
  },
  {
    ...enter,
    path: "/douyin/user/login/",
    name: "login",
    summary: "Signs in for thirty days.",
    query: ["username", "password"],
  },
  { ...own, path: "/douyin/user/", name: "user", summary: "A user; the caller when none is named.", query: ofUser },
  {
    ...act,
    path: "/douyin/publish/action/",
    name: "publish",
    summary: "Takes a film in `data` and publishes it.",
    rate: "upload",
    takes: ["multipart/form-data"],
    query: ["title", "token"],
  },
  {
    ...look,
    path: "/douyin/publish/list/",
    name: "published",
    summary: "Somebody's videos, the latest published first; one's own newest first.",
    query: ofUser,
  },
  {
    ...act,
    path: "/douyin/favorite/action/",
    name: "favorite",
    summary: "Likes a video (1), or takes that back (2).",
    query: ["video_id", "action_type", "token"],
  },
  {
    ...own,
    path: "/douyin/favorite/list/",
    name: "favorites",
    summary: "The videos somebody likes, latest like first.",
    query: ofUser,
  },
  {
    ...act,
    path: "/douyin/comment/action/",
    name: "comment",
    summary: "Says something about a video (1), or takes a comment away (2).",
    query: ["video_id", "action_type", "comment_text", "comment_id", "token"],
  },
  {
    ...look,
    path: "/douyin/comment/list/",
    name: "comments",
    summary: "What was said about a video, newest first.",
    query: ["video_id", "token"],
  },
  {
    ...act,
    path: "/douyin/relation/action/",
    name: "relate",
    summary: "Follows somebody (1), or no more (2).",
    query: ["to_user_id", "action_type", "token"],
  },
  {
    ...own,
    path: "/douyin/relation/follow/list/",
    name: "following",
    summary: "Whom somebody follows, latest first.",
    query: ofUser,
  },
  {
    ...own,
    path: "/douyin/relation/follower/list/",
    name: "followers",
    summary: "Who follows somebody, latest first.",
    query: ofUser,
  },
  {
    ...own,
    path: "/douyin/relation/friend/list/",
    name: "friends",
    summary: "Who follows somebody and is followed back, with the latest message between them and the caller.",
    query: ofUser,
  },
  {
    ...act,
    path: "/douyin/message/action/",
    name: "send",
    summary: "Writes to somebody.",
    query: ["to_user_id", "action_type", "content", "token"],
  },
  {
    ...own,
    path: "/douyin/message/chat/",
    name: "chat",
    summary: "What two people wrote to each other after `pre_msg_time`, oldest first.",
    query: ["to_user_id", "pre_msg_time", "token"],
  },
];

const picture = { ...look, answers: "image/png", rate: "media" } as const;
const pictures: readonly RawRoute[] = [
  { ...picture, path: "/douyin/avatar.png", name: "avatar", summary: "What stands for whoever has no picture." },
  { ...picture, path: "/douyin/cover.png", name: "cover", summary: "What stands for a cover that is not there yet." },
];

/** The Douyin-compatible API. Clients leave the slash at the end of a path away, and follow no redirect. */
export const douyinRoutes: readonly RawRoute[] = [
  ...declared.flatMap((route) => [route, { ...route, path: route.path.slice(0, -1) }]),
  ...pictures,
];
