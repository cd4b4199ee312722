import type { Id, Role } from "#kernel";
import { Session, WalletLogin } from "#services/auth/contract";
import { interaction } from "#services/interaction/contract";
import { relation } from "#services/relation/contract";
import { FoundUser } from "#services/search/contract";
import { User, UserBrief, user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { z } from "zod";
import { inOrder, type Part, view, type ViewContext } from "../view.ts";

/** The most users whose names one query looks up. */
export const namesMax = 200;

/** `isFollowed`: the viewer follows the user. */
const followed = { isFollowed: z.boolean() };
const unfollowed = { isFollowed: false };

/** The users among these that the viewer follows; none where the service cannot be asked. */
async function followedOf(userIds: readonly number[], context: ViewContext): Promise<ReadonlySet<number>> {
  if (context.call.userId === undefined) return new Set();
  try {
    const followed = await context.client(relation).followed({ userIds: [...new Set(userIds)] }, context.call);
    return new Set(followed.userIds);
  } catch (error) {
    context.reportDegraded("followed", error);
    return new Set();
  }
}

const isFollowed: Part<{ id: number }> = {
  name: "followed",
  adds: z.object(followed),
  none: () => unfollowed,
  async of(rows, context) {
    const ids = await followedOf(
      rows.map((row) => row.id),
      context,
    );
    return rows.map(({ id }) => ({ isFollowed: ids.has(id) }));
  },
};

export const Author = UserBrief.omit({ introduction: true }).extend(followed).meta({ id: "Author" });

export const author: Part<{ userId: number }> = {
  name: "author",
  adds: z.object({ user: Author }),
  // A row is shown without a name where the profile is unavailable.
  none: ({ userId }) => ({ user: { id: userId, username: "", nickname: "", avatar: "", ...unfollowed } }),
  async of(rows, context) {
    const ids = [...new Set(rows.map((row) => row.userId))];
    const [{ items }, followedIds] = await Promise.all([
      context.client(user).briefs({ ids }, context.call),
      followedOf(ids, context),
    ]);
    return inOrder(
      rows,
      (row) => row.userId,
      items,
      (item) => item.id,
    ).map((user) => user && { user: { ...user, isFollowed: followedIds.has(user.id) } });
  },
};

/** Names and pictures of users, by their ids; unavailable ones are left out. */
export async function authorsOf(
  userIds: readonly number[],
  context: ViewContext,
): Promise<ReadonlyMap<number, z.output<typeof Author>>> {
  const ids = [...new Set(userIds)].slice(0, namesMax);
  const [{ items }, followedIds] = await Promise.all([
    context.client(user).briefs({ ids }, context.call),
    followedOf(ids, context),
  ]);
  return new Map(
    items.map((item) => [item.id, { ...Author.parse({ ...item, isFollowed: followedIds.has(item.id) }) }]),
  );
}

/** The accounts whose likes brought a row into the list. */
export const likedBy: Part<{ likedByIds?: readonly number[] | undefined }> = {
  name: "liked_by",
  adds: z.object({ likedBy: z.array(UserBrief.omit({ introduction: true })) }),
  none: () => ({ likedBy: [] }),
  async of(rows, { client, call }) {
    const ids = [...new Set(rows.flatMap(({ likedByIds = [] }) => likedByIds))];
    if (ids.length === 0) return rows.map(() => ({ likedBy: [] }));
    const { items } = await client(user).briefs({ ids: ids.slice(0, namesMax) }, call);
    const briefs = new Map(items.map((item) => [item.id, item]));
    return rows.map(({ likedByIds = [] }) => ({ likedBy: likedByIds.flatMap((id) => briefs.get(id) ?? []) }));
  },
};

const UserCounts = z.object({
  followCount: z.int(),
  followerCount: z.int(),
  videoCount: z.int(),
  likeCount: z.int(),
  favoriteCount: z.int(),
});
const untied = { isFollowed: false, isRequested: false, isBlocked: false };
export const userView = view({
  id: "User",
  base: User,
  parts: [
    {
      name: "relationship",
      adds: z.object({ isFollowed: z.boolean(), isRequested: z.boolean(), isBlocked: z.boolean() }),
      none: () => untied,
      async of(rows, { client, call }) {
        if (call.userId === undefined) return rows.map(() => untied);
        const { items } = await client(relation).states({ userIds: rows.map((row) => row.id) }, call);
        return inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.userId,
        ).map(
          (ties) => ties && { isFollowed: ties.isFollowed, isRequested: ties.isRequested, isBlocked: ties.isBlocked },
        );
      },
    },
    {
      name: "relations",
      adds: UserCounts.pick({ followCount: true, followerCount: true }),
      none: () => ({ followCount: 0, followerCount: 0 }),
      async of(rows, { client, call }) {
        const { items } = await client(relation).counts({ userIds: rows.map((row) => row.id) }, call);
        return inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.userId,
        ).map((counts) => counts && { followCount: counts.followCount, followerCount: counts.followerCount });
      },
    },
    {
      name: "videos",
      adds: UserCounts.pick({ videoCount: true }),
      none: () => ({ videoCount: 0 }),
      async of(rows, { client, call }) {
        const { items } = await client(video).authorCounts({ userIds: rows.map((row) => row.id) }, call);
        return inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.userId,
        ).map((counts) => counts && { videoCount: counts.videoCount });
      },
    },
    {
      name: "likes",
      adds: UserCounts.pick({ likeCount: true, favoriteCount: true }),
      none: () => ({ likeCount: 0, favoriteCount: 0 }),
      async of(rows, { client, call }) {
        const { items } = await client(interaction).authorCounts({ userIds: rows.map((row) => row.id) }, call);
        return inOrder(
          rows,
          (row) => row.id,
          items,
          (item) => item.userId,
        ).map((counts) => counts && { likeCount: counts.likeCount, favoriteCount: counts.favoriteCount });
      },
    },
  ],
});

/** A user in a list of users. */
export const briefView = view({ id: "UserBrief", base: UserBrief, parts: [isFollowed] });

export const foundUserView = view({
  id: "FoundUser",
  base: FoundUser,
  hidden: ["userId"],
  required: "user",
  parts: [
    {
      name: "user",
      adds: z.object(briefView.full.shape),
      none: () => ({}),
      async of(rows, context) {
        const { items } = await context.client(user).briefs({ ids: rows.map((row) => row.userId) }, context.call);
        const whole = await briefView.compose(items, context);
        const byId = new Map(items.map((item, place) => [item.id, whole[place]]));
        return rows.map((row) => byId.get(row.userId));
      },
    },
  ],
});

/** The profile of the user who just signed in, as its owner sees it; null where nobody did. */
const ownProfile: Part<{ readonly userId?: Id | undefined; readonly role?: Role | undefined }> = {
  name: "user",
  adds: z.object({ user: userView.full.nullable() }),
  none: () => ({ user: null }),
  of: (rows, context) =>
    Promise.all(
      rows.map(async ({ userId, role }) => {
        if (userId === undefined) return { user: null };
        const call = { ...context.call, userId, ...(role !== undefined && { role }) };
        const ownContext = { ...context, call };
        const [whole] = await userView.hydrate([await context.client(user).get({ id: userId }, call)], ownContext);
        return { user: whole ?? null };
      }),
    ),
};

export const sessionView = view({ id: "Session", base: Session, parts: [ownProfile] });

export const walletLoginView = view({ id: "WalletLogin", base: WalletLogin, parts: [ownProfile] });
