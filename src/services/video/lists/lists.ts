import { emptyPage, type Handlers, type Host, type Id } from "#kernel";
import { can } from "#policy/can";
import { categories } from "../details/categories.ts";
import { CategoryNotFound, type video } from "../contract.ts";
import { listOfCategory, listsOfUsers } from "./list-store.ts";
import { shown } from "./presenter.ts";
import type { Tables } from "../store.ts";
import type { RequireUser } from "../access/user-check.ts";
import type { watching } from "../access/viewer-access.ts";

interface Parts extends Pick<ReturnType<typeof watching>, "tieTo" | "resource" | "metOf"> {
  readonly requireUser: RequireUser;
}

/** What there is by somebody, and about something. */
export function browsing(
  { db }: Pick<Host<Tables>, "db">,
  { requireUser, tieTo, resource, metOf }: Parts,
): Pick<Handlers<typeof video>, "categories" | "ofCategory" | "ofUser"> {
  const inCategory = listOfCategory(db);
  const byUser = listsOfUsers(db);

  /** @throws CategoryNotFound */
  function found(id: Id) {
    const category = categories.find((one) => one.id === id);
    if (!category) throw CategoryNotFound({});
    return { id, names: { ...category.names } };
  }

  return {
    categories: async () => ({ items: categories.map(({ id }) => found(id)) }),

    async ofCategory({ id, ...page }, call) {
      found(id);
      const { items, ...rest } = await inCategory({ categoryId: id }, page);
      return { ...rest, items: (await metOf(items, call)).map(({ row }) => shown(row, call)) };
    },

    async ofUser({ id, ...page }, call) {
      const ties = await tieTo(id, call);
      if (ties?.isBlocked) {
        await requireUser(id, call);
        return emptyPage(page);
      }
      const onlooker = call.userId === id ? "owner" : ties?.isFollower ? "follower" : "anybody";
      const { items, ...rest } = await byUser[onlooker]({ userId: id }, page);
      // Whose videos are there, is there.
      if (items.length === 0) await requireUser(id, call);
      const met = items.filter((row) => can(call, "meet", resource(row, call, ties)));
      return { ...rest, items: met.map((row) => shown(row, call)) };
    },
  };
}
