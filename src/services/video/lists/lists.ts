import { emptyPage, type Handlers, type Host, type Id } from "#kernel";
import { categories } from "#policy/categories";
import { CategoryNotFound, OwnListOnly, type video } from "../contract.ts";
import { listOfCategory, listsOfUsers, ownVideos } from "./list-store.ts";
import { presentVideo } from "./presenter.ts";
import type { Tables } from "../store.ts";
import type { RequireUser } from "../access/user-check.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";

interface Parts extends Pick<ViewerAccess, "relationshipTo" | "listable"> {
  readonly requireUser: RequireUser;
}

/** Videos of users and of categories. */
export function createVideoLists(
  { db }: Pick<Host<Tables>, "db">,
  { requireUser, relationshipTo, listable }: Parts,
): Pick<Handlers<typeof video>, "categories" | "ofCategory" | "ofUser"> {
  const inCategory = listOfCategory(db);
  const byUser = listsOfUsers(db);

  /** @throws CategoryNotFound */
  function categoryOf(id: Id) {
    const category = categories.find((candidate) => candidate.id === id);
    if (!category) throw CategoryNotFound({});
    return { id, names: { ...category.names } };
  }

  return {
    categories: async () => ({ items: categories.map(({ id }) => categoryOf(id)) }),

    async ofCategory({ id, ...page }, call) {
      categoryOf(id);
      const { items, ...paging } = await inCategory({ categoryId: id }, page);
      return { ...paging, items: (await listable(items, call)).map(({ row }) => presentVideo(row, call)) };
    },

    async ofUser({ id, q, state, visibility, sort, ...page }, call) {
      const filter = { q, state, visibility, sort };
      const isOwner = call.userId === id;
      if (!isOwner && Object.values(filter).some((value) => value !== undefined)) throw OwnListOnly({});
      const relationship = await relationshipTo(id, call);
      if (relationship?.isBlocked) {
        await requireUser(id, call);
        return emptyPage(page);
      }
      const { items, ...paging } = isOwner
        ? await ownVideos(db.read(call), id, filter, page)
        : await byUser[relationship?.isFollower ? "follower" : "anybody"]({ userId: id }, page);
      // A user with videos exists.
      if (items.length === 0) await requireUser(id, call);
      const listed = await listable(items, call);
      return { ...paging, items: listed.map(({ row }) => presentVideo(row, call)) };
    },
  };
}
