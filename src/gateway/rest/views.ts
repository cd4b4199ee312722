import type { View } from "./view.ts";
import { finishedView, foundFileView, mediaView } from "./views/files.ts";
import {
  channelAnalyticsView,
  begunView,
  feedView,
  followedAuthorView,
  foundHashtagView,
  foundVideoView,
  interestView,
  mutedView,
  trendingHashtagView,
  keptView,
  likedView,
  listedView,
  notInterestedView,
  taggedView,
  watchedView,
} from "./views/lists.ts";
import { liveView } from "./views/lives.ts";
import { commentView, receivedCommentView, conversationView, notificationView, updateView } from "./views/messages.ts";
import {
  accountView,
  auditView,
  caseNoteView,
  caseReportView,
  caseView,
  damagedView,
  instanceChangeView,
} from "./views/administration.ts";
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
  interestView,
  mutedView,
  likedView,
  keptView,
  watchedView,
  taggedView,
  channelAnalyticsView,
  foundVideoView,
  foundHashtagView,
  trendingHashtagView,
  followedAuthorView,
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
  foundFileView,
  finishedView,
  damagedView,
  accountView,
  caseView,
  auditView,
  caseReportView,
  caseNoteView,
  instanceChangeView,
  liveView,
];
