import { Link } from "@tanstack/react-router";
import type { UserBrief } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";

interface PersonLinkProps {
  user: Pick<UserBrief, "id" | "username" | "nickname" | "avatar">;
  /** The text under the name; the user name when left out. */
  text?: string;
  onPress?: () => void;
}

/** Picture and name of a user, leading to their page. */
export const PersonLink = ({ user, text, onPress }: PersonLinkProps) => (
  <Link
    to="/@{$username}"
    params={{ username: user.username }}
    {...(onPress && { onClick: onPress })}
    className="flex min-h-11 min-w-0 flex-1 items-center gap-3"
  >
    <Avatar user={user} size="medium" />
    <span className="min-w-0">
      <span className="block truncate font-semibold">{user.nickname || user.username}</span>
      <span className="line-clamp-3 text-sm break-words text-soft">{text ?? <bdi>@{user.username}</bdi>}</span>
    </span>
  </Link>
);
