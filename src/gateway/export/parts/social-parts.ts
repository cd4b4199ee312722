import {
  FavoriteFolder,
  FavoriteVideo,
  interaction,
  LikedComment,
  LikedVideo,
  OwnComment,
  OwnDanmaku,
  OwnOpening,
  WatchedVideo,
} from "#services/interaction/contract";
import { Message, message, Notification } from "#services/message/contract";
import { Decision, moderation, Report } from "#services/moderation/contract";
import { Interest, Muted, NotInterested, recommend, WatchSignal } from "#services/recommend/contract";
import { relation } from "#services/relation/contract";
import { search } from "#services/search/contract";
import { createRowWriter, writeRows } from "../json-text.ts";
import type { ExportSource } from "../source.ts";
import { accountWriter, linkOf, watchUrl } from "./links.ts";
import { type ExportPart, list } from "./part.ts";

/** Posts, likes, saved videos and messages. */
const postParts: readonly ExportPart[] = [
  list(
    "comments",
    { about: { en: "comments that you wrote", zh: "你写的评论" }, tables: ["interaction.comments"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(interaction).ownComments(page, call)),
        createRowWriter(OwnComment, source.base, ({ id, videoId }) => ({
          url: `${watchUrl(source.base, videoId)}?comment=${id}`,
        })),
      ),
  ),
  list(
    "timed-comments",
    { about: { en: "timed comments that you wrote", zh: "你发的弹幕" }, tables: ["interaction.danmaku"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(interaction).ownDanmaku(page, call)),
        createRowWriter(OwnDanmaku, source.base, linkOf(source.base)),
      ),
  ),
  list(
    "likes",
    { about: { en: "videos that you like", zh: "你点赞的视频" }, tables: ["interaction.likes"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(interaction).likes({ id: source.userId, ...page }, call)),
        createRowWriter(LikedVideo, source.base, linkOf(source.base)),
      ),
  ),
  list(
    "liked-comments",
    {
      about: { en: "comments that you like, by number", zh: "你点赞的评论（编号）" },
      tables: ["interaction.comment_likes"],
    },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(interaction).likedComments(page, call)),
        createRowWriter(LikedComment, source.base),
      ),
  ),
  list(
    "saved-videos",
    {
      about: { en: "videos that you saved, and in which folder", zh: "你收藏的视频及所在收藏夹" },
      tables: ["interaction.favorites"],
    },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(interaction).favorites({ id: source.userId, ...page }, call)),
        createRowWriter(FavoriteVideo, source.base, linkOf(source.base)),
      ),
  ),
  list(
    "saved-folders",
    { about: { en: "your folders of saved videos", zh: "你的收藏夹" }, tables: ["interaction.favorite_folders"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(interaction).folders({ id: source.userId, ...page }, call)),
        createRowWriter(FavoriteFolder, source.base),
      ),
  ),
  list(
    "messages",
    {
      about: { en: "messages that you wrote", zh: "你发出的私信" },
      tables: ["message.messages", "message.conversations"],
    },
    (source) => writeRows(writtenMessages(source), createRowWriter(Message, source.base)),
  ),
  list(
    "reports",
    { about: { en: "your reports to the moderators", zh: "你提交的举报" }, tables: ["moderation.reports"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(moderation).reports(page, call)),
        createRowWriter(Report, source.base),
      ),
  ),
  list(
    "decisions",
    {
      about: { en: "decisions of moderators about you and your content", zh: "版主对你和你的内容作出的处理" },
      tables: ["moderation.cases", "moderation.appeals", "moderation.measures"],
    },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(moderation).decisions(page, call)),
        createRowWriter(Decision, source.base),
      ),
  ),
];

/** Accounts that the user is connected with. */
const peopleParts: readonly ExportPart[] = [
  list(
    "following",
    { about: { en: "accounts that you follow", zh: "你关注的账号" }, tables: ["relation.follows"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(relation).following({ id: source.userId, ...page }, call)),
        accountWriter(source),
      ),
  ),
  list("followers", { about: { en: "accounts that follow you", zh: "关注你的账号" }, tables: [] }, (source) =>
    writeRows(
      source.rows((page, call) => source.client(relation).followers({ id: source.userId, ...page }, call)),
      accountWriter(source),
    ),
  ),
  list(
    "follow-requests",
    {
      about: { en: "requests to follow that wait: yours, and those to you", zh: "待处理的关注申请" },
      tables: ["relation.follow_requests"],
    },
    async function* (source) {
      const write = accountWriter(source);
      const client = source.client(relation);
      for (const [direction, ask] of [
        ["sent", client.sentFollowRequests],
        ["received", client.followRequests],
      ] as const)
        for await (const { user, createdAtMs } of source.rows((page, call) => ask(page, call)))
          yield `{"direction":"${direction}","created_at":"${new Date(createdAtMs).toISOString()}",${write(user).slice(1)}`;
    },
  ),
  list(
    "blocked",
    { about: { en: "accounts that you block", zh: "你拉黑的账号" }, tables: ["relation.blocks"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(relation).blacklist(page, call)),
        accountWriter(source),
      ),
  ),
];

/** Histories, notifications, and the sources of the feed. */
const historyParts: readonly ExportPart[] = [
  list(
    "watch-history",
    { about: { en: "videos that you watched", zh: "你看过的视频" }, tables: ["interaction.watches"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(interaction).history(page, call)),
        createRowWriter(WatchedVideo, source.base, linkOf(source.base)),
      ),
  ),
  list(
    "search-history",
    { about: { en: "your recent searches", zh: "最近的搜索" }, tables: ["search.search_history"] },
    async function* (source) {
      const { items } = await source.client(search).history({ limit: 100 }, source.call());
      for (const { keyword, createdAtMs } of items)
        yield JSON.stringify({ keyword, created_at: new Date(createdAtMs).toISOString() });
    },
  ),
  list(
    "opened",
    {
      about: { en: "locked videos and rooms that you opened", zh: "你解锁过的内容" },
      tables: ["interaction.gate_openings"],
    },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(interaction).ownOpenings(page, call)),
        createRowWriter(OwnOpening, source.base),
      ),
  ),
  list(
    "notifications",
    {
      about: { en: "your notifications, without texts of others", zh: "你的通知，不含他人的文字" },
      tables: ["message.notifications"],
    },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(message).notifications({ merged: false, ...page }, call)),
        createRowWriter(Notification.omit({ title: true, content: true }), source.base),
      ),
  ),
  list(
    "not-interested",
    { about: { en: "what you do not want to see", zh: "你不感兴趣的内容" }, tables: ["recommend.not_interested"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(recommend).notInterested(page, call)),
        createRowWriter(NotInterested, source.base),
      ),
  ),
  list(
    "muted",
    { about: { en: "tags and accounts that are left out of your feed", zh: "推荐中屏蔽的标签和账号" }, tables: [] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(recommend).mutes(page, call)),
        createRowWriter(Muted, source.base),
      ),
  ),
  list(
    "feed-signals",
    {
      about: { en: "what you did with each video, which your feed is made of", zh: "用于推荐的观看信号" },
      tables: ["recommend.signals"],
    },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(recommend).signals(page, call)),
        createRowWriter(WatchSignal, source.base),
      ),
  ),
  list(
    "interests",
    {
      about: { en: "what you seem to like, by what you watched", zh: "根据观看推断的兴趣" },
      tables: ["recommend.removed_interests"],
    },
    async function* (source) {
      const write = createRowWriter(Interest, source.base);
      const { items } = await source.client(recommend).interests({ limit: 100 }, source.call());
      for (const interest of items) yield write(interest);
    },
  ),
];

export const socialParts: readonly ExportPart[] = [...postParts, ...peopleParts, ...historyParts];

/** Messages of the other side of a conversation belong to that user, and are left out. */
async function* writtenMessages(source: ExportSource) {
  for await (const { id } of source.rows((page, call) => source.client(message).conversations(page, call)))
    for await (const item of source.rows((page, call) => source.client(message).messages({ id, ...page }, call)))
      if (item.senderId === source.userId) yield item;
}
