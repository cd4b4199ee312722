import { Link } from "@tanstack/react-router";
import { Check, Clock, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { useFollow, useRequested } from "#base/ui/accounts/follow-button.tsx";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";

interface PersonChipProps {
  user: { id: number; username: string; nickname: string; avatar: string; is_followed: boolean };
}

/** A user in a row: leads to the profile, and follows. */
export function PersonChip({ user }: PersonChipProps) {
  const { t } = useTranslation();
  const follow = useFollow(user);
  const isRequested = useRequested(user);
  const name = user.nickname || user.username;
  return (
    <span className="flex items-center rounded-full bg-raised ps-1">
      <Link
        to="/@{$username}"
        params={{ username: user.username }}
        className="flex min-h-11 items-center gap-2 font-medium"
      >
        <Avatar user={user} />
        <span className="max-w-32 truncate">
          <bdi>{name}</bdi>
        </span>
      </Link>
      <BareButton
        aria-label={t(isRequested ? "follow.requestedOf" : "follow.followOf", { name })}
        aria-pressed={user.is_followed || isRequested}
        onPress={follow}
        className="grid size-11 place-items-center rounded-full"
      >
        {user.is_followed ? (
          <Check size={18} aria-hidden />
        ) : isRequested ? (
          <Clock size={18} aria-hidden />
        ) : (
          <Plus size={18} aria-hidden />
        )}
      </BareButton>
    </span>
  );
}
