import { keyOf } from "#base/api/keys.ts";
import { meQuery, peopleQuery } from "#base/api/queries.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { deletions } from "#base/ui/sheets/deleting.ts";

/** The target of a row's focus when the row is removed. */
export const peopleListId = "people-list";

/** Followers who are being taken off one's own: there is a while to have them back. */
export const {
  useHidden: useRemoved,
  deleteLater: removeFollower,
  takeBack: keepFollower,
} = deletions(async (id) => {
  await ask("relation.removeFollower", { path: { id }, keepalive: true });
  const hasFocus = document.activeElement?.closest(`[data-follower="${id}"]`) != null;
  const me = queryClient.getQueryData(meQuery.queryKey)?.id ?? 0;
  for (const which of ["followers", "friends"] as const)
    queryClient.setQueryData(
      peopleQuery(me, which).queryKey,
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({ ...page, list: page.list.filter((follower) => follower.id !== id) })),
        },
    );
  void invalidate(keyOf("me"), keyOf("user"));
  if (hasFocus) requestAnimationFrame(() => document.getElementById(peopleListId)?.focus());
});
