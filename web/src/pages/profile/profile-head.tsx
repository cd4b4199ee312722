import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Ban, Flag, Link2, MessageCircle, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { StaffBadge } from "#base/ui/accounts/staff-badge.tsx";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useShareAddress } from "#base/ui/sheets/use-share-address.ts";
import { LiveBadge } from "#parts/live/live-badge.tsx";
import { liveOfQuery } from "#parts/live/queries.ts";
import { Banner } from "#parts/profile/banner.tsx";
import { useReport } from "#parts/report/use-report.tsx";
import { UnblockButton, useBlock } from "./block-button.tsx";
import { type People, PeopleSheet } from "./people-sheet.tsx";

/** Banner, face, name, numbers and what can be done with a user. */
export function ProfileHead({ user }: { user: User }) {
  const { t } = useTranslation();
  const [people, setPeople] = useState<People | null>(null);
  return (
    <header className="sm:mb-2">
      <Banner user={user} />
      <div className="px-4 sm:flex sm:items-start sm:gap-7 sm:px-3">
        <div className="-mt-10 flex items-end justify-between sm:-mt-11 sm:block">
          <Face user={user} />
          <Counts user={user} onPeople={setPeople} className="mb-0.5 sm:hidden" />
        </div>
        <div className="min-w-0 flex-1 pt-3 sm:flex sm:items-start sm:gap-4">
          <div className="min-w-0 flex-1">
            <h1 className="text-xl font-semibold sm:text-2xl">
              <bdi>{user.nickname || user.username}</bdi>
            </h1>
            <div className="flex flex-wrap items-center gap-x-5">
              <p className="flex items-center gap-2 text-soft">
                <bdi>@{user.username}</bdi>
                <StaffBadge role={user.role} />
              </p>
              <Counts user={user} onPeople={setPeople} className="hidden sm:flex" />
            </div>
            {user.is_blocked && (
              <p className="mt-2 font-medium">{t("block.is", { name: user.nickname || user.username })}</p>
            )}
            {user.bio !== "" && (
              <p className="mt-1.5 max-w-2xl whitespace-pre-line" dir="auto">
                {user.bio}
              </p>
            )}
            <Links links={user.links} />
          </div>
          <Actions user={user} />
        </div>
      </div>
      {people !== null && (
        <PeopleSheet user={user} which={people} onWhich={setPeople} onClose={() => setPeople(null)} />
      )}
    </header>
  );
}

/** The picture of a user; of one who is live with a ring, and the way to their room. */
function Face({ user }: { user: User }) {
  const { t } = useTranslation();
  const { data: live } = useQuery(liveOfQuery(user.id));
  const face = <Avatar user={user} size="face" className="border-4 border-page bg-page" />;
  if (live == null) return face;
  return (
    <Link to="/live/$id" params={{ id: live.id }} className="relative block w-fit rounded-full bg-live p-1">
      {face}
      <span className="absolute inset-x-0 -bottom-1.5 flex justify-center">
        <LiveBadge />
      </span>
      <span className="sr-only">
        {t("live.watch")}: {live.title}
      </span>
    </Link>
  );
}

interface CountsProps {
  user: User;
  onPeople: (people: People) => void;
  className: string;
}

/** Followers, followed accounts and likes: in one line at a desk, number over word on a phone. */
function Counts({ user, onPeople, className }: CountsProps) {
  const { t, i18n } = useTranslation();
  const item = "tabular flex min-h-11 flex-col items-center justify-center px-2.5 sm:flex-row sm:gap-1 sm:px-0";
  const inside = (count: number, key: "me.followers" | "me.following" | "me.likes") => (
    <>
      <b className="text-base font-semibold sm:text-sm">{formatCount(count, i18n.language)}</b>
      <span className="text-xs text-soft sm:text-sm">{t(key)}</span>
    </>
  );
  return (
    <div className={`flex items-center sm:gap-5 ${className}`}>
      <button type="button" className={`${item} hover:underline`} onClick={() => onPeople("followers")}>
        {inside(user.follower_count, "me.followers")}
      </button>
      <button type="button" className={`${item} hover:underline`} onClick={() => onPeople("following")}>
        {inside(user.follow_count, "me.following")}
      </button>
      <span className={item}>{inside(user.like_count, "me.likes")}</span>
    </div>
  );
}

/** The first address that a profile names; the others are under About. */
function Links({ links }: { links: User["links"] }) {
  const [first] = links;
  if (first === undefined) return null;
  return (
    <a
      href={first.url}
      target="_blank"
      rel="noopener nofollow ugc"
      className="mt-1 inline-flex min-h-8 max-w-full items-center gap-2 font-medium hover:underline"
    >
      <Link2 size={16} aria-hidden className="shrink-0" />
      <span className="truncate">
        <bdi>{first.title}</bdi>
      </span>
    </a>
  );
}

function Actions({ user }: { user: User }) {
  const { t } = useTranslation();
  const me = useMe();
  const isMine = me?.id === user.id;
  if (isMine)
    return (
      <div className="mt-4 flex gap-2 sm:mt-1">
        <LinkButton to="/settings" className="max-sm:flex-1">
          <Pencil size={16} aria-hidden />
          {t("profile.edit")}
        </LinkButton>
        <More user={user} />
      </div>
    );
  return (
    <div className={`mt-4 flex gap-2 sm:mt-1 ${me === undefined ? "invisible" : ""}`}>
      {user.is_blocked ? (
        <UnblockButton user={user} />
      ) : (
        <FollowButton user={user} className="max-sm:flex-1 sm:rounded-full! sm:px-5!" />
      )}
      {me != null && !user.is_blocked && (
        <LinkButton
          to="/inbox/to/$username"
          params={{ username: user.username }}
          className="max-sm:flex-1 sm:rounded-full!"
        >
          <MessageCircle size={16} aria-hidden />
          {t("profile.message")}
        </LinkButton>
      )}
      <More user={user} />
    </div>
  );
}

/** Share, report and block. */
function More({ user }: { user: User }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { report, sheet: reportSheet } = useReport({ kind: "user", id: user.id });
  const { block, sheet: blockSheet } = useBlock(user);
  const isMine = me?.id === user.id;
  const share = useShareAddress();
  return (
    <>
      <MoreMenu
        label={t("action.more")}
        className="grid size-11 shrink-0 place-items-center rounded-full bg-raised text-lg hover:bg-strong pointer-fine:size-9"
        actions={[
          {
            id: "share",
            text: t("action.copyLink"),
            icon: <Link2 size={18} aria-hidden />,
            run: () => share(`/@${user.username}`, user.nickname || user.username),
          },
          !isMine && { id: "report", text: t("action.report"), icon: <Flag size={18} aria-hidden />, run: report },
          !isMine &&
            !user.is_blocked && {
              id: "block",
              text: t("block.confirm"),
              icon: <Ban size={18} aria-hidden />,
              isDanger: true,
              run: me === null ? () => void navigate({ to: "/login" }) : block,
            },
        ]}
      />
      {reportSheet}
      {blockSheet}
    </>
  );
}
