import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { peopleQuery } from "../api/queries.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { FollowButton } from "../ui/follow-button.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { Problem, useErrorText } from "../ui/states.tsx";

interface PeopleSheetProps {
  userId: number;
  which: "followers" | "following";
  onClose: () => void;
}

/** Who follows somebody, or whom they follow. */
export function PeopleSheet({ userId, which, onClose }: PeopleSheetProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useInfiniteQuery(peopleQuery(userId, which));
  const rows = query.data?.pages.flatMap((page) => page.list) ?? [];
  return (
    <Sheet title={t(`people.${which}`)} isOpen onClose={onClose}>
      {query.isPending && <div aria-busy className="skeleton h-24" />}
      {query.isError && <Problem>{text(query.error)}</Problem>}
      {query.isSuccess && rows.length === 0 && <p className="py-4 text-soft">{t(`people.${which}.empty`)}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {rows.map((user) => (
          <li key={user.id} className="flex items-center gap-3 py-2.5">
            <Link
              to="/@{$username}"
              params={{ username: user.username }}
              onClick={onClose}
              className="flex min-h-11 min-w-0 flex-1 items-center gap-3"
            >
              <Avatar user={user} size="medium" />
              <span className="min-w-0">
                <span className="block truncate font-semibold">{user.nickname || user.username}</span>
                <span className="block truncate text-sm text-soft">@{user.username}</span>
              </span>
            </Link>
            <FollowButton user={user} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button className="mt-2 w-full" isBusy={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
          {t("action.loadMore")}
        </Button>
      )}
    </Sheet>
  );
}
