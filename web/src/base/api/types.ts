import type { Author, Operations, TranscodeTask } from "../../../../sdk/generated.ts";

/** The server's answers, made from its description, and those that the app calls by other names. */
export type * from "../../../../sdk/generated.ts";
export type Task = TranscodeTask;
export type UserBrief = Author;
export type Feed = Operations["recommend.feed"]["answer"];
export type VideoPage = Operations["video.ofUser"]["answer"];
export type Visibility = NonNullable<NewVideo["visibility"]>;
export type NewVideo = Operations["video.create"]["body"];
/** The fields of a video its owner may change. */
export type VideoChange = Operations["video.update"]["body"];
export type ProfileChange = Operations["user.update"]["body"];
