import { useInfiniteQuery } from "@tanstack/react-query";
import { UserMinus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { peopleQuery, useMe } from "#base/api/queries.ts";
import type { UserBrief } from "#base/api/types.ts";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { Tabbed } from "#base/ui/buttons/tabbed.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { PersonLink } from "#parts/profile/person-link.tsx";
import { Suggestions } from "#parts/profile/suggestions.tsx";
import { keepFollower, peopleListId, removeFollower, useRemoved } from "./follower-removal.ts";

const lists = ["followers", "following", "friends"] as const;
export type People = (typeof lists)[number];

interface PeopleSheetProps {
  user: { id: number; username: string; nickname: string };
  which: People;
  onWhich: (which: People) => void;
  onClose: () => void;
}

/** Followers of a user, users they follow, and those who are both. */
export function PeopleSheet({ user, which, onWhich, onClose }: PeopleSheetProps) {
  const { t } = useTranslation();
  return (
    <Sheet title={user.nickname || user.username} isOpen onClose={onClose}>
      <Tabbed
        label={t("people.lists")}
        tabs={lists.map((name) => ({ name, text: t(`people.${name}`) }))}
        current={which}
        onChange={onWhich}
      >
        <List key={which} userId={user.id} which={which} onLeave={onClose} />
      </Tabbed>
    </Sheet>
  );
}

function List({ userId, which, onLeave }: { userId: number; which: People; onLeave: () => void }) {
  const { t } = useTranslation();
  const isMine = useMe()?.id === userId;
  const query = useInfiniteQuery(peopleQuery(userId, which));
  if (query.isPending) return <Skeleton className="h-24" />;
  if (query.data === undefined) return <LoadFailed query={query} />;
  const people = query.data.pages.flatMap((page) => page.list);
  return (
    <>
      {people.length === 0 && !query.hasNextPage && <p className="py-2 text-soft">{t(`people.${which}.empty`)}</p>}
      <ul
        id={peopleListId}
        tabIndex={-1}
        aria-label={t(`people.${which}`)}
        className="flex flex-col divide-y divide-line"
      >
        {people.map((person) =>
          isMine && which === "followers" ? (
            <Follower key={person.id} user={person} onLeave={onLeave} />
          ) : (
            <li key={person.id} className="flex items-center gap-3 py-2.5">
              <PersonLink user={person} onPress={onLeave} />
              <FollowButton user={person} look="inverse" />
            </li>
          ),
        )}
      </ul>
      <LoadMore query={query} className="mt-2" />
      {isMine && which !== "followers" && !query.hasNextPage && <Suggestions onLeave={onLeave} />}
    </>
  );
}

/** One of one's own followers, who can be taken off them. The button that does it takes it back, so the focus stays. */
function Follower({ user, onLeave }: { user: UserBrief; onLeave: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const isRemoved = useRemoved().has(user.id);
  const name = user.nickname || user.username;
  const press = () => {
    if (isRemoved) keepFollower(user.id);
    else removeFollower(user.id, (thrown) => showToast(text(thrown)));
  };
  return (
    <li data-follower={user.id} className="flex items-center gap-2 py-2.5">
      <PersonLink user={user} onPress={onLeave} {...(isRemoved && { text: t("people.removed") })} />
      {!isRemoved && <FollowButton user={user} look="inverse" />}
      <Button
        aria-label={isRemoved ? t("people.undoRemove", { name }) : t("people.remove", { name })}
        className={isRemoved ? "" : "px-3!"}
        onPress={press}
      >
        {isRemoved ? t("action.undo") : <UserMinus size={18} aria-hidden />}
      </Button>
    </li>
  );
}
