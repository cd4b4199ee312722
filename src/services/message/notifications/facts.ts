import type { Id } from "#kernel";
import { firstCharacters } from "#kernel/text";
import type { notificationKinds } from "../contract.ts";

export type Kind = (typeof notificationKinds)[number];

/** A fact to notify a user of. A sender causes one notification per `factId` and user, however often it happens. */
export interface Fact {
  /** The recipient. */
  readonly userId: Id;
  readonly kind: Kind;
  /** The actor; null for the instance itself. */
  readonly senderId: Id | null;
  readonly factId: Id;
  /** The thing it happened to: facts of one kind about one subject are shown as one. */
  readonly subjectId: Id;
  readonly videoId: Id | null;
  readonly liveId: Id | null;
  readonly commentId: Id | null;
  /** The top of the comment's thread, with which the comment goes. */
  readonly rootId: Id | null;
  readonly title: string;
  readonly content: string;
}

/** How much of a comment a notification shows. */
const excerptMax = 200;
const noSubject = { videoId: null, liveId: null, commentId: null, rootId: null, title: "", content: "" };

/** The number each kind has in `type`. */
export const typeOf: Readonly<Record<Kind, number>> = {
  like: 1,
  comment: 2,
  reply: 2,
  mention: 4,
  comment_like: 1,
  follow: 3,
  follow_request: 3,
  published: 5,
  live: 7,
  welcome: 5,
  alerted: 5,
  removed: 5,
  warned: 5,
  muted: 5,
  suspended: 5,
  banned: 5,
  decision_undone: 5,
  appeal_refused: 5,
  measure_ended: 5,
};
export const kindsOf = (type: number): Kind[] =>
  (Object.keys(typeOf) as Kind[]).filter((kind) => typeOf[kind] === type); // The keys of this very record.

export const likedOf = ({ videoId, userId, authorId }: { videoId: Id; userId: Id; authorId: Id }): Fact => ({
  ...noSubject,
  userId: authorId,
  kind: "like",
  senderId: userId,
  factId: videoId,
  subjectId: videoId,
  videoId,
});

export const followedOf = ({ userId, targetId }: { userId: Id; targetId: Id }): Fact => ({
  ...noSubject,
  userId: targetId,
  kind: "follow",
  senderId: userId,
  factId: userId,
  subjectId: targetId,
});

export const followRequestedOf = (pair: { userId: Id; targetId: Id }): Fact => ({
  ...followedOf(pair),
  kind: "follow_request",
});

export interface PostedComment {
  readonly commentId: Id;
  readonly videoId: Id;
  /** The author of the video. */
  readonly authorId: Id;
  readonly userId: Id;
  readonly parentId: Id | null;
  readonly rootId: Id | null;
  readonly replyToUserId: Id | null;
  readonly mentions: Id[];
  readonly content: string;
}

/** Recipients of a comment's notifications: the author it answers, the owner of the video, mentioned users; none twice, and never its author. Pure. */
export function commentedOf({
  commentId,
  videoId,
  authorId,
  userId,
  parentId,
  rootId,
  replyToUserId,
  mentions,
  content,
}: PostedComment): Fact[] {
  const facts = new Map<Id, Fact>();
  const add = (recipientId: Id, kind: Kind, subjectId: Id) => {
    if (recipientId === userId || facts.has(recipientId)) return;
    facts.set(recipientId, {
      ...noSubject,
      userId: recipientId,
      kind,
      senderId: userId,
      factId: commentId,
      subjectId,
      videoId,
      commentId,
      rootId,
      content: firstCharacters(content, excerptMax).toWellFormed(),
    });
  };
  if (replyToUserId !== null) add(replyToUserId, "reply", parentId ?? videoId);
  add(authorId, "comment", videoId);
  for (const whom of mentions) add(whom, "mention", videoId);
  return [...facts.values()];
}

interface LikedComment {
  readonly commentId: Id;
  readonly videoId: Id;
  readonly userId: Id;
  /** The author of the comment. */
  readonly authorId: Id;
  readonly rootId?: Id | null | undefined;
}
export const commentLikedOf = ({ commentId, videoId, userId, authorId, rootId = null }: LikedComment): Fact => ({
  ...noSubject,
  userId: authorId,
  kind: "comment_like",
  senderId: userId,
  factId: commentId,
  subjectId: commentId,
  videoId,
  commentId,
  rootId,
});

export const publishedOf = (
  { videoId, userId, title }: { videoId: Id; userId: Id; title: string },
  followerId: Id,
): Fact => ({
  ...noSubject,
  userId: followerId,
  kind: "published",
  senderId: userId,
  factId: videoId,
  subjectId: userId,
  videoId,
  title,
});

export interface StartedRoom {
  readonly liveId: Id;
  /** The owner of the room. */
  readonly ownerId: Id;
  readonly title: string;
}
export const startedOf = ({ liveId, ownerId, title }: StartedRoom, followerId: Id): Fact => ({
  ...noSubject,
  userId: followerId,
  kind: "live",
  senderId: ownerId,
  factId: liveId,
  // Each room is shown by itself: one that has ended says nothing about the next.
  subjectId: liveId,
  liveId,
  title,
});

/** Titles for programs that show them unchanged; the web app has texts of its own. */
const titleOf = {
  removed: "A moderator removed your content",
  warned: "A moderator warned you",
  muted: "A moderator muted you",
  suspended: "A moderator suspended your account",
  banned: "A moderator banned your account",
  decision_undone: "A moderator reversed a decision about you",
  appeal_refused: "Your appeal was refused",
  measure_ended: "A restriction of your account has ended",
} as const satisfies Partial<Record<Kind, string>>;

interface Decision {
  readonly caseId: Id;
  readonly userId: Id;
  readonly outcome: keyof typeof titleOf;
  /** The moderator's words. */
  readonly note: string;
}
export const decidedOf = ({ caseId, userId, outcome, note }: Decision): Fact => ({
  ...noSubject,
  userId,
  kind: outcome,
  senderId: null,
  factId: caseId,
  subjectId: caseId,
  title: titleOf[outcome],
  content: firstCharacters(note, excerptMax).toWellFormed(),
});

interface Alerted {
  readonly userId: Id;
  readonly alertId: Id;
  readonly kind: string;
  readonly agent: string;
  readonly name: string;
}
/** Its title is the kind of the alert: it is worded where it is read. Pure. */
export const alertedOf = ({ userId, alertId, kind, agent, name }: Alerted): Fact => ({
  ...noSubject,
  userId,
  kind: "alerted",
  senderId: null,
  factId: alertId,
  // Each is shown by itself: two devices are two questions.
  subjectId: alertId,
  title: kind,
  content: firstCharacters(name === "" ? agent : name, excerptMax).toWellFormed(),
});

export const welcomeOf = (userId: Id): Fact => ({
  ...noSubject,
  userId,
  kind: "welcome",
  senderId: null,
  factId: userId,
  subjectId: userId,
  title: "Welcome",
  content: "Publish your first video, or look around.",
});
