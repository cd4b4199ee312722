import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { blacklistQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { useErrorText, State } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** Blocked accounts, with the button to unblock. */
export function BlockedPart() {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useInfiniteQuery(blacklistQuery);
  const rows = query.data?.pages.flatMap((page) => page.list) ?? [];
  const unblock = (id: number) =>
    ask("relation.unblock", { path: { id } }).then(
      () => queryClient.invalidateQueries(),
      (thrown: unknown) => showToast(text(thrown)),
    );
  if (query.isError && query.data === undefined) return <LoadFailed query={query} />;
  if (query.isSuccess && rows.length === 0)
    return <State isPart drawing={<ShelfDrawing />} title={t("block.none")} text={t("block.none.text")} />;
  return (
    <>
      <ul className="flex flex-col divide-y divide-line">
        {rows.map((user) => (
          <li key={user.id} className="flex items-center gap-3 py-2">
            <Avatar user={user} />
            <span className="min-w-0 flex-1 truncate">{user.nickname || user.username}</span>
            <Button onPress={() => void unblock(user.id)}>{t("block.end")}</Button>
          </li>
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}
