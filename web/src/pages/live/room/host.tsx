import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { userQuery } from "#base/api/queries.ts";
import type { Live } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { classNames } from "#base/ui/class-names.ts";

interface HostProps {
  live: Live;
  /** True if the host is on air. */
  isOnAir: boolean;
  /** In a pill over the picture of a phone. */
  isPill?: boolean;
  /** Beside the way to follow them. */
  children?: ReactNode;
}

/** Face, name and followers of the host, with the way to follow them. */
export function Host({ live, isOnAir, isPill = false, children }: HostProps) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(userQuery(live.owner.username));
  const user = data ?? live.owner;
  const params = { username: user.username };
  const count = data?.follower_count ?? 0;
  return (
    <div
      className={classNames(
        "flex min-w-0 items-center",
        isPill ? "gap-2 rounded-full bg-black/45 p-1 pe-1" : "flex-1 gap-3 sm:min-w-88",
      )}
    >
      <Link to="/@{$username}" params={params} aria-hidden tabIndex={-1} className="rounded-full">
        <Avatar user={user} size={isPill ? "comment" : "medium"} className={isOnAir ? "live-ring" : ""} />
      </Link>
      <div className="min-w-0 pe-1">
        <Link
          to="/@{$username}"
          params={params}
          className={classNames("block truncate font-semibold hover:underline", isPill ? "text-sm" : "text-base")}
        >
          <bdi>{user.nickname || user.username}</bdi>
        </Link>
        {/* The line has its place before the number is there. */}
        <p className={classNames("tabular h-4 truncate text-xs", isPill ? "text-white/85" : "text-soft")}>
          {count > 0 && t("count.followers", { count, formatted: formatCount(count, i18n.language) })}
        </p>
      </div>
      {!live.is_mine && (
        <FollowButton
          user={user}
          look="inverse"
          className={isPill ? "min-h-9! rounded-full! px-3.5!" : "rounded-full! sm:ms-2"}
        />
      )}
      {children}
    </div>
  );
}
