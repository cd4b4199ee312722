import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { followersQuery } from "#base/api/message-queries.ts";
import type { Notification } from "#base/api/types.ts";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { PersonLink } from "#parts/profile/person-link.tsx";

/** So many are looked for without being asked for. */
const firstMax = 30;

interface NewFollowersProps {
  notification: Pick<Notification, "group_id" | "sender_count">;
  onClose: () => void;
}

/** The accounts that one notification stands for, each with the way to follow it back. */
export function NewFollowers({ notification: { group_id, sender_count }, onClose }: NewFollowersProps) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(followersQuery(group_id));
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;
  const rows = query.data?.pages.flatMap((page) => page.list.filter((row) => row.group_id === group_id)) ?? [];
  const people = [...new Map(rows.flatMap(({ sender }) => (sender === null ? [] : [[sender.id, sender]]))).values()];
  const hasMore = hasNextPage && people.length < sender_count;
  // The list has all followers, the latest first: those of this notification may begin further down.
  const isSearching = hasMore && people.length < firstMax && !isFetchNextPageError;
  useEffect(() => {
    if (isSearching && !isFetching) void fetchNextPage();
  }, [isSearching, isFetching, fetchNextPage]);
  return (
    <Sheet title={t("notice.followers")} isOpen onClose={onClose}>
      {query.isError && query.data === undefined ? (
        <LoadFailed query={query} />
      ) : people.length === 0 && (query.isPending || isSearching) ? (
        <Skeleton className="h-24" />
      ) : (
        <>
          <ul aria-label={t("notice.followers")} className="flex flex-col divide-y divide-line">
            {people.map((user) => (
              <li key={user.id} className="flex items-center gap-3 py-2.5">
                <PersonLink user={user} onPress={onClose} />
                <FollowButton user={user} look="inverse" label={t("notice.followBack")} />
              </li>
            ))}
          </ul>
          <LoadMore query={{ ...query, hasNextPage: hasMore }} className="mt-2" />
        </>
      )}
    </Sheet>
  );
}
