import { queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { FollowedAuthor } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { isNew, useLooks } from "./looks.ts";
import { sideItemClass } from "./side-item.tsx";

/** The accounts that a user follows, those that published last first: as many as the side bar has room for. */
const followedQuery = (userId: number) =>
  queryOptions({
    queryKey: keyOf("followed", userId),
    queryFn: ({ signal }) => ask("recommend.followedAuthors", { query: { limit: 8 }, signal }),
    staleTime: 300_000,
  });

const nobody: readonly FollowedAuthor[] = [];

/** The accounts that the viewer follows, with a dot beside those that have something new. */
export function Followed({ userId }: { userId: number }) {
  const { t } = useTranslation();
  const { data } = useQuery(followedQuery(userId));
  const authors = data?.list ?? nobody;
  const looks = useLooks(userId, authors);
  if (authors.length === 0) return null;
  return (
    <section aria-labelledby="followed" className="hidden wide:block">
      <hr className="mx-3 my-2 border-line" />
      <h2 id="followed" className="px-3 pt-2 pb-1.5 text-xs font-semibold text-faint">
        {t("nav.followed")}
      </h2>
      <ul>
        {authors.map(({ user, published_at }) => (
          <li key={user.id}>
            <Link to="/@{$username}" params={{ username: user.username }} className={sideItemClass}>
              <Avatar user={user} size="tiny" />
              <span className="min-w-0 flex-1 truncate text-start font-normal">
                <bdi>{user.nickname || user.username}</bdi>
              </span>
              {isNew(published_at, looks[user.id], Date.now()) && (
                <span className="me-1 size-1.5 shrink-0 rounded-full bg-accent">
                  <span className="sr-only">, {t("nav.new")}</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
