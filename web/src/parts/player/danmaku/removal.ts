import { keyOf } from "#base/api/keys.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Danmaku } from "#base/api/types.ts";
import { deletions } from "#base/ui/sheets/deleting.ts";

/** The target of a row's focus when the row is removed. */
export const nearListId = "danmaku-near";

/** Timed comments that are being taken away: there is a while to have them back. */
export const {
  useHidden: useRemoved,
  deleteLater: removeDanmaku,
  takeBack: keepDanmaku,
} = deletions(async (id) => {
  try {
    await ask("interaction.unsayAt", { path: { id }, keepalive: true });
  } catch (thrown) {
    // Another user was faster: it is as was asked for.
    if (asFailure(thrown).status !== 404) throw thrown;
  }
  const hasFocus = document.activeElement?.closest(`[data-danmaku="${id}"]`) != null;
  queryClient.setQueriesData<{ list: Danmaku[] }>(
    { queryKey: keyOf("danmaku") },
    (data) => data && { ...data, list: data.list.filter((candidate) => candidate.id !== id) },
  );
  if (hasFocus) requestAnimationFrame(() => document.getElementById(nearListId)?.focus());
});
