import type { Id } from "#kernel";
import { message } from "#services/message/contract";
import { relation } from "#services/relation/contract";
import type { ClientOf } from "../../client-of.ts";
import { allRows, type Endpoints, type Handlers, userIdIn } from "./endpoints.ts";
import { actionIn, idIn } from "./parameters.ts";

const batchMax = 200;

/** Follows, followers and friends. */
export function relationHandlers(client: ClientOf, endpoints: Endpoints): Handlers {
  const relations = client(relation);
  const messages = client(message);
  const users = (list: "following" | "followers") =>
    endpoints.handler(async (request) => {
      const id = userIdIn(request);
      const rows = await allRows((page) => relations[list]({ id, ...page }, request.call));
      const usersById = await request.presenter.users(rows.map((row) => row.id));
      return { user_list: rows.flatMap((row) => usersById.get(row.id) ?? []) };
    });
  return {
    relate: endpoints.handler(async ({ parameters, call }) => {
      const id = idIn(parameters, "to_user_id");
      await (actionIn(parameters) === "do" ? relations.follow({ id }, call) : relations.unfollow({ id }, call));
      return undefined;
    }),

    following: users("following"),
    followers: users("followers"),

    friends: endpoints.handler(async (request) => {
      const id = userIdIn(request);
      const rows = await allRows((page) => relations.friends({ id, ...page }, request.call));
      const ids = rows.map((row) => row.id);
      const usersById = await request.presenter.users(ids);
      const latestMessages = new Map<Id, { content: string; isMine: boolean }>();
      for (let n = 0; n < ids.length; n += batchMax) {
        const { items } = await messages.latestWith({ userIds: ids.slice(n, n + batchMax) }, request.call);
        for (const { userId, message: latest } of items) latestMessages.set(userId, latest);
      }
      return {
        user_list: ids.flatMap((friendId) => {
          const friend = usersById.get(friendId);
          const { content = "", isMine = false } = latestMessages.get(friendId) ?? {};
          return friend ? [{ ...friend, message: content, msgType: isMine ? 1 : 0 }] : [];
        }),
      };
    }),
  };
}
