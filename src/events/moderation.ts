import { Id, Instant, event } from "#kernel";
import { z } from "zod";
import { firstCharacters } from "#kernel/text";

const restricted = { userId: Id, reason: z.string(), atMs: Instant };

/** The account may not post until then, or until it is unmuted where there is no end. */
export const userMuted = event("user.muted.v1", z.object({ ...restricted, untilMs: Instant.nullable() }));

export const userUnmuted = event("user.unmuted.v1", z.object({ userId: Id, atMs: Instant }));

/** The account may not sign in. `byAdmin`: whether it may be done to a moderator; an administrator cannot be banned. */
export const userBanned = event(
  "user.banned.v1",
  z.object({ ...restricted, untilMs: Instant.nullable(), byAdmin: z.boolean() }),
);

export const userUnbanned = event("user.unbanned.v1", z.object({ userId: Id, atMs: Instant }));

export const Word = z
  .object({ id: Id, pattern: z.string(), action: z.enum(["hold", "refuse"]), createdAtMs: Instant })
  .meta({ id: "WatchedWord" });

/** Limits of accounts that are younger than `days` and have fewer than `comments` comments others can read. */
export const NewcomerRules = z.object({
  days: z.int().min(0).max(365),
  comments: z.int().min(0).max(1_000),
  /** A comment with a link is held. */
  holdLinks: z.boolean(),
  /** Their most posts in a minute; 0 is no limit. */
  perMinute: z.int().min(0).max(1_000),
});

export type NewcomerRules = z.infer<typeof NewcomerRules>;

/** The whole blocklist from here on; a copy ignores an older version. */
export const blocklistChanged = event(
  "words.changed.v1",
  z.object({
    version: z.int(),
    words: z.array(Word.pick({ pattern: true, action: true })),
    rules: NewcomerRules,
  }),
);

export const Kind = z.enum(["video", "comment", "danmaku", "user", "message", "playlist", "live"]);

export type Kind = z.infer<typeof Kind>;

/** The most characters of a thing that moderators see: a comment as a whole. */
export const excerptMax = 1_000;

const reasonMax = 200;

/** The effect of a decision on its user. */
export const Outcome = z.enum([
  "removed",
  "warned",
  "muted",
  "suspended",
  "banned",
  "decision_undone",
  "appeal_refused",
  "measure_ended",
]);

/** Notifies the user of a decision; a dismissed report notifies no user. */
export const decisionMade = event(
  "decision.made.v1",
  z.object({ caseId: Id, userId: Id, outcome: Outcome, note: z.string(), atMs: Instant }),
);

const judged = z.object({ kind: Kind, id: Id, reason: z.string(), atMs: Instant });

export const contentRemoved = event("content.removed.v1", judged);

export const contentRestored = event("content.restored.v1", judged.omit({ reason: true }));

/** Everything that a user had done by this time is taken back: each service takes back what it has. */
export const accountSwept = event("account.swept.v1", z.object({ userId: Id, sweepId: Id, atMs: Instant }));

/** Content that was set aside with a sweep comes back; likes and follows do not. */
export const sweepUndone = event("account.sweep_undone.v1", z.object({ userId: Id, sweepId: Id, atMs: Instant }));

/** A moderator approved held content, and it becomes visible. */
export const contentApproved = event("content.approved.v1", judged.omit({ reason: true }));

/** Published by the service that has the content: a moderator should review it; `isHeld` until then. */
export const contentFlagged = event(
  "content.flagged.v1",
  z.object({
    kind: Kind,
    id: Id,
    authorId: Id,
    videoId: Id.nullable(),
    excerpt: z.string().max(excerptMax),
    heldFor: z.string().max(reasonMax),
    isHeld: z.boolean(),
    atMs: Instant,
  }),
);

/** Asks moderators to review the names and description of a user. */
export const flaggedPerson = (
  userId: z.input<typeof Id>,
  texts: readonly (string | undefined)[],
  heldFor: string,
  atMs: number,
): z.input<(typeof contentFlagged)["payload"]> => ({
  kind: "user",
  id: userId,
  authorId: userId,
  videoId: null,
  excerpt: firstCharacters(texts.filter((text) => text !== undefined).join("\n"), excerptMax),
  heldFor,
  isHeld: false,
  atMs,
});
