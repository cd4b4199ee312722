import { command, service, failure, Id, Instant, page, pageInput, query, UserRef } from "#kernel";
import { UserBrief, UserNotFound } from "#services/user/contract";
import { z } from "zod";

export const Yourself = failure("invalid", "relation.yourself", "you cannot follow or block yourself");
export const YouBlockThem = failure(
  "denied",
  "relation.you_block_them",
  "you have blocked this user; unblock them first",
);
export const TheyBlockYou = failure("denied", "relation.they_block_you", "this user has blocked you");
export const FollowingHidden = failure(
  "denied",
  "relation.following_hidden",
  "this user hides the accounts they follow",
);
export const FollowersHidden = failure(
  "denied",
  "relation.followers_hidden",
  "this person does not show who follows them",
);

/** The relationship of two users, seen from one of them. */
export const Relation = z.object({
  userId: Id,
  isFollowed: z.boolean(),
  isFollower: z.boolean(),
  /** The viewing side blocks the other. */
  isBlocked: z.boolean(),
  /** The other side blocks the viewing one. */
  isBlocking: z.boolean(),
});

/** A user who asks to follow another, or is asked, and since when. */
export const FollowerRequest = z.object({ user: UserBrief, createdAtMs: Instant }).meta({ id: "FollowerRequest" });

/**
 * A suggested account with its reason: common follows, a few by name and all by number; or that others follow it who
 * follow the same accounts as the caller, who are not named.
 */
export const Suggestion = UserBrief.extend({
  reason: z.enum(["followed_by_following", "popular", "similar_to_following"]),
  mutuals: z.array(UserBrief.omit({ introduction: true })),
  mutualCount: z.int(),
}).meta({ id: "Suggestion" });

const people = { input: z.object({ id: UserRef, ...pageInput }), output: page(UserBrief) };
const batch = {
  /** `after`: the `next` of the batch before. */
  input: z.object({
    userId: Id,
    after: z.int().nonnegative().default(0),
    limit: z.int().min(1).max(1_000).default(500),
  }),
  output: z.object({ userIds: z.array(Id), next: z.int().nullable() }),
};

export const relation = service(
  "relation",
  1,
  {
    follow: command({
      http: "POST /api/v1/users/:id/follow",
      auth: "user",
      idempotent: true,
      summary:
        "Follows a user, or asks to, where the user approves followers (`requested`); repeating changes nothing.",
      input: z.object({ id: UserRef }),
      output: z.object({ following: z.boolean(), requested: z.boolean() }),
      errors: [UserNotFound, Yourself, YouBlockThem, TheyBlockYou],
    }),
    unfollow: command({
      http: "DELETE /api/v1/users/:id/follow",
      auth: "user",
      idempotent: true,
      summary: "Unfollows a user, or withdraws the request to.",
      input: z.object({ id: UserRef }),
      output: z.object({ following: z.boolean() }),
      errors: [UserNotFound, Yourself],
    }),
    followers: query({
      http: "GET /api/v1/users/:id/followers",
      auth: "public",
      summary:
        "The followers of a user, latest first, unless the user hides them; those of a user who approves followers for followers alone.",
      ...people,
      errors: [UserNotFound, FollowersHidden],
    }),
    following: query({
      http: "GET /api/v1/users/:id/following",
      auth: "public",
      summary: "The users a user follows, latest first, unless the user hides them.",
      ...people,
      errors: [UserNotFound, FollowingHidden],
    }),
    friends: query({
      http: "GET /api/v1/users/:id/friends",
      auth: "public",
      summary: "The mutual follows of a user, latest first, unless the user hides one of the lists.",
      ...people,
      errors: [UserNotFound, FollowingHidden, FollowersHidden],
    }),
    followRequests: query({
      http: "GET /api/v1/users/me/follow-requests",
      auth: "user",
      summary: "Users who ask to follow the caller, latest first.",
      input: z.object(pageInput),
      output: page(FollowerRequest),
    }),
    /** Users whom the caller asks to follow, latest first. */
    sentFollowRequests: query({
      auth: "service",
      input: z.object(pageInput),
      output: page(FollowerRequest),
    }),
    answerFollowRequest: command({
      http: "POST /api/v1/users/me/follow-requests/:user_id",
      auth: "user",
      idempotent: true,
      summary: "Accepts or refuses a request to follow the caller; a refusal notifies nobody.",
      input: z.object({ userId: Id, accept: z.boolean() }),
      output: z.object({}),
    }),
    suggestions: query({
      http: "GET /api/v1/users/suggestions",
      auth: "user",
      summary:
        "Accounts to follow: those followed by accounts the caller follows or by others who follow the same, then those with the most followers.",
      input: z.object({ limit: z.int().min(1).max(50).default(20) }),
      output: z.object({ items: z.array(Suggestion) }),
    }),
    removeFollower: command({
      http: "DELETE /api/v1/users/followers/:id",
      auth: "user",
      idempotent: true,
      summary: "Removes a follower of the caller.",
      input: z.object({ id: UserRef }),
      output: z.object({}),
      errors: [UserNotFound, Yourself],
    }),
    blacklist: query({
      http: "GET /api/v1/users/blacklist",
      auth: "user",
      summary: "The users the caller blocks, latest first.",
      input: z.object(pageInput),
      output: page(UserBrief),
    }),
    block: command({
      http: "POST /api/v1/users/blacklist",
      auth: "user",
      idempotent: true,
      summary: "Blocks a user and ends follows in both directions; repeating changes nothing.",
      input: z.object({ userId: Id }),
      output: z.object({ blocked: z.boolean() }),
      errors: [UserNotFound, Yourself],
    }),
    unblock: command({
      http: "DELETE /api/v1/users/blacklist/:id",
      auth: "user",
      idempotent: true,
      summary: "Unblocks a user.",
      input: z.object({ id: UserRef }),
      output: z.object({ blocked: z.boolean() }),
      errors: [UserNotFound, Yourself],
    }),
    /**
     * The caller's relationship to each of these users, seen from the caller, and whether the caller waits to follow;
     * all false for an unknown user.
     */
    states: query({
      auth: "service",
      input: z.object({ userIds: z.array(Id).max(200) }),
      output: z.object({ items: z.array(Relation.extend({ isRequested: z.boolean() })) }),
    }),
    /** The given users whom the caller follows. */
    followed: query({
      auth: "service",
      input: z.object({ userIds: z.array(Id).max(200) }),
      output: z.object({ userIds: z.array(Id) }),
    }),
    /** The relationships of `userId` to these users, seen from `userId`; users without any tie are left out. */
    between: query({
      auth: "service",
      input: z.object({ userId: Id, otherIds: z.array(Id).max(1_000) }),
      output: z.object({ items: z.array(Relation) }),
    }),
    /** As `between`, but for whether they follow: what decides what `userId` is shown of them. Asked with every list. */
    towards: query({
      auth: "service",
      input: z.object({ userId: Id, otherIds: z.array(Id).max(1_000) }),
      output: z.object({ items: z.array(Relation.omit({ isFollower: true })) }),
    }),
    /** Those of the others whom a user follows, and since when. */
    followedSince: query({
      auth: "service",
      input: z.object({ userId: Id, otherIds: z.array(Id).max(1_000) }),
      output: z.object({ items: z.array(z.object({ userId: Id, sinceMs: Instant })) }),
    }),
    counts: query({
      auth: "service",
      input: z.object({ userIds: z.array(Id).max(200) }),
      output: z.object({
        items: z.array(z.object({ userId: Id, followCount: z.int(), followerCount: z.int(), friendCount: z.int() })),
      }),
    }),
    /** All followers of a user, in batches, earliest first: new ones come at the end. */
    followersOf: query({ auth: "service", ...batch }),
    /** All accounts that a user follows, likewise; `mutualIds` are those of them that follow the user. */
    followingOf: query({
      auth: "service",
      input: batch.input,
      output: batch.output.extend({ mutualIds: z.array(Id) }),
    }),
    /** Accounts hidden from a user by a block either way, the latest first; `isWhole` is false where there are more. */
    hiddenFrom: query({
      auth: "service",
      input: z.object({ userId: Id, limit: z.int().min(1).max(10_000).default(10_000) }),
      output: z.object({ userIds: z.array(Id), isWhole: z.boolean() }),
    }),
  },
  { holdsUserData: true, scopes: { query: "social:read", command: "social:write" } },
);
