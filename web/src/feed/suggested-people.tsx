import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { suggestionsQuery } from "../api/queries.ts";
import type { Suggestion } from "../api/types.ts";
import { Avatar } from "../ui/avatar.tsx";
import { BareButton } from "../ui/bare-button.tsx";
import { useFollow } from "../ui/follow-button.tsx";

const countMax = 3;

/** Some users to follow at the end of a feed; empty where there are none. For signed-in users. */
export function SuggestedPeople() {
  const { t } = useTranslation();
  const { data = [] } = useQuery(suggestionsQuery);
  if (data.length === 0) return null;
  return (
    <ul aria-label={t("people.suggested")} className="mb-1 flex w-full flex-wrap justify-center gap-2">
      {data.slice(0, countMax).map((user) => (
        <li key={user.id}>
          <Chip user={user} />
        </li>
      ))}
    </ul>
  );
}

function Chip({ user }: { user: Suggestion & { is_followed: boolean } }) {
  const { t } = useTranslation();
  const follow = useFollow(user);
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
        aria-label={t("follow.followOf", { name })}
        aria-pressed={user.is_followed}
        onPress={follow}
        className="grid size-11 place-items-center rounded-full"
      >
        {user.is_followed ? <Check size={18} aria-hidden /> : <Plus size={18} aria-hidden />}
      </BareButton>
    </span>
  );
}
