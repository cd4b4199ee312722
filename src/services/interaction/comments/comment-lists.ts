import { type Call, callerOf, Gather, type Host, type Id, type Page, type PageInput } from "#kernel";
import type { ViewerAccess } from "../access.ts";
import type { Comment } from "../contract.ts";
import type { Tables } from "../store.ts";
import { isModerator, type ReadableComment } from "./comment-access.ts";
import * as listStore from "./comment-list-store.ts";
import * as commentStore from "./comment-store.ts";
import { presentComment } from "./presenter.ts";

type Row = commentStore.Row;

/** Comments of a video, of a thread, and one by one, as a viewer reads them. */
export function createCommentLists(
  { db }: Pick<Host<Tables>, "db">,
  { access, readable }: { readonly access: ViewerAccess; readonly readable: ReadableComment },
) {
  const likes = new Gather(db, commentStore.areLiked);
  const lists = listStore.listsOfComments(db);

  const viewerOf = async (call: Call): Promise<listStore.Viewer> => ({
    viewerId: call.userId ?? 0,
    seesHeld: isModerator(call.role),
    hiddenIds: await access.hiddenUsers(call),
  });

  async function present(rows: readonly Row[], call: Call): Promise<Comment[]> {
    const { userId } = call;
    const liked =
      userId === undefined
        ? []
        : await likes.all(
            rows.map(({ id }) => ({ commentId: id, userId })),
            call,
          );
    return rows.map((row, place) => presentComment(row, userId, liked[place] === true));
  }

  const presentPage = async ({ items, ...paging }: Page<Row>, call: Call) => ({
    ...paging,
    items: await present(items, call),
  });

  return {
    async comments({ id, sort, ...page }: { id: Id; sort: "new" | "hot" } & PageInput, call: Call) {
      await access.author(id, call);
      return presentPage(await lists.top[sort]({ videoId: id, ...(await viewerOf(call)) }, page, call), call);
    },

    async replies({ id, ...page }: { id: Id } & PageInput, call: Call) {
      const { videoId } = await readable(await commentStore.byId(db, id), call);
      return presentPage(await lists.thread({ videoId, rootId: id, ...(await viewerOf(call)) }, page, call), call);
    },

    async allComments({ id, ...page }: { id: Id } & PageInput, call: Call) {
      await access.author(id, call);
      return presentPage(await lists.all({ videoId: id, ...(await viewerOf(call)) }, page, call), call);
    },

    async receivedComments(
      { filter, q = "", ...page }: { filter: "all" | "unanswered" | "held"; q?: string | undefined } & PageInput,
      call: Call,
    ) {
      const hiddenIds = await access.hiddenUsers(call);
      const request = { filter, q: q.normalize("NFC"), hiddenIds };
      return presentPage(await listStore.listReceived(db.read(call), callerOf(call), request, page), call);
    },

    async comment({ id }: { id: Id }, call: Call) {
      const [comment] = await present([await readable(await commentStore.byId(db, id), call)], call);
      return comment as Comment; // One row in, one comment out.
    },
  };
}
