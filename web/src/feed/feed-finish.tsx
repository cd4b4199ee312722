import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Suggestion } from "../api/types.ts";
import { type FeedName, suggestionsQuery, useMe } from "../api/queries.ts";
import { Avatar } from "../ui/avatar.tsx";
import { BareButton } from "../ui/bare-button.tsx";
import { Button, LinkButton } from "../ui/button.tsx";
import { CaughtUpDrawing } from "../ui/illustrations.tsx";
import { State } from "../ui/states.tsx";
import { useFollow } from "../ui/follow-button.tsx";

/** The card after the last video of a feed: people to follow, and where else there is something to watch. */
export function FeedFinish({ name, onFirst }: { name: FeedName; onFirst: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { data = [] } = useQuery({ ...suggestionsQuery, enabled: me != null });
  return (
    <State drawing={<CaughtUpDrawing />} title={t("feed.end.title")} text={t(`feed.end.text.${name}`)}>
      {data.length > 0 && (
        <ul aria-label={t("people.suggested")} className="mb-1 flex w-full flex-wrap justify-center gap-2">
          {data.slice(0, 3).map((user) => (
            <li key={user.id}>
              <Chip user={user} />
            </li>
          ))}
        </ul>
      )}
      {name === "hot" ? (
        <LinkButton look="inverse" className="rounded-full!" to="/explore">
          {t("nav.explore")}
        </LinkButton>
      ) : (
        <LinkButton look="inverse" className="rounded-full!" to="/hot">
          {t("feed.end.older")}
        </LinkButton>
      )}
      <Button className="rounded-full!" onPress={onFirst}>
        {t("feed.end.action")}
      </Button>
    </State>
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
