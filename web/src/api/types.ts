import type { Author, Rows, TranscodeTask } from "./generated.ts";

/** The edge's answers under the names the app uses; what they hold is made from the contracts. */
export type {
  Comment,
  Conversation,
  Danmaku,
  FeedVideo,
  Media,
  Message,
  Notification,
  Playlist,
  Update,
  User,
  Video,
} from "./generated.ts";
export type Task = TranscodeTask;
export type UserBrief = Author;
export type Feed = Rows["recommend.feed"]["answer"];
export type VideoPage = Rows["video.ofUser"]["answer"];
export type Visibility = NonNullable<NewVideo["visibility"]>;
export type NewVideo = Rows["video.create"]["body"];
/** The fields of a video its owner may change. */
export type VideoChange = Rows["video.update"]["body"];
export type ProfileChange = Rows["user.update"]["body"];
