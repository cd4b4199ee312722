import type { View } from "./view.ts";
import { finishedView, mediaView } from "./views/files.ts";
import {
  channelAnalyticsView,
  begunView,
  feedView,
  foundHashtagView,
  foundVideoView,
  keptView,
  likedView,
  listedView,
  notInterestedView,
  taggedView,
  watchedView,
} from "./views/lists.ts";
import { commentView, receivedCommentView, conversationView, notificationView, updateView } from "./views/messages.ts";
import { caseView, damagedView } from "./views/administration.ts";
import { briefView, foundUserView, sessionView, userView } from "./views/users.ts";
import { statisticsView, videoView } from "./views/videos.ts";

/** Every composed answer, its parts named once. */
export const views: readonly View[] = [
  videoView,
  statisticsView,
  feedView,
  begunView,
  listedView,
  notInterestedView,
  likedView,
  keptView,
  watchedView,
  taggedView,
  channelAnalyticsView,
  foundVideoView,
  foundHashtagView,
  commentView,
  receivedCommentView,
  conversationView,
  notificationView,
  updateView,
  userView,
  briefView,
  foundUserView,
  sessionView,
  mediaView,
  finishedView,
  damagedView,
  caseView,
];
