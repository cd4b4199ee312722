import { useQuery } from "@tanstack/react-query";
import { Heart } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { FanClub, Live } from "#base/api/types.ts";
import { formatNumber } from "#base/format/format.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { useServerName } from "#parts/live/server-name.ts";
import { fanClubQuery } from "./queries.ts";

/** The fan club of the host: the way in, or how far the viewer is in it. */
export function FanClubCard({ live }: { live: Live }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(fanClubQuery(live.id));
  const { join, leave } = useMembership(live);
  const [isAsking, setAsking] = useState(false);
  const club = query.data;
  if (query.isError && club === undefined) return <LoadFailed query={query} />;
  if (club === undefined) return <Skeleton className="h-40" />;
  const formatted = formatNumber(club.member_count, i18n.language);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-3">
        <span className="grid size-12 shrink-0 place-items-center rounded-full bg-accent/15 text-link">
          <Heart size={24} aria-hidden className="fill-current" />
        </span>
        <div className="min-w-0 flex-1">
          <p className="truncate text-base font-semibold">
            {t("club.of", { name: live.owner.nickname || live.owner.username })}
          </p>
          <p className="text-sm text-soft">{t("club.members", { count: club.member_count, formatted })}</p>
        </div>
      </div>
      {club.is_member ? <Level club={club} /> : <p className="text-base text-soft">{t("club.text")}</p>}
      {club.is_member ? (
        <Button className="self-start" onPress={() => setAsking(true)}>
          {t("club.leave")}
        </Button>
      ) : (
        <Button look="main" className="rounded-full!" onPress={() => void join()}>
          {t("club.join")}
        </Button>
      )}
      {isAsking && (
        <ConfirmSheet
          title={t("club.leave.ask")}
          text={t("club.leave.text")}
          action={t("club.leave")}
          onConfirm={() => void leave()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Level({ club }: { club: FanClub }) {
  const { t, i18n } = useTranslation();
  const nameOf = useServerName();
  const { level, badge_name: badge, experience, next_level_at: nextAt } = club;
  const share = nextAt === null ? 1 : Math.min(1, experience / nextAt);
  return (
    <div className="rounded-xl bg-raised p-4">
      <p className="flex items-baseline justify-between gap-3">
        <span className="font-semibold">
          {t("club.level", { level })}
          {badge !== "" && <span className="ms-2 text-link">{nameOf("badge", badge, badge)}</span>}
        </span>
        <span className="tabular text-xs text-soft">
          {nextAt === null
            ? t("club.highest")
            : `${formatNumber(experience, i18n.language)} / ${formatNumber(nextAt, i18n.language)}`}
        </span>
      </p>
      <div
        role="progressbar"
        aria-label={t("club.progress")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="mt-2.5 h-2 overflow-hidden rounded-full bg-strong"
      >
        <div className="h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
      {nextAt !== null && (
        <p className="mt-2 text-xs text-soft">
          {t("club.next", { coins: formatNumber(Math.max(0, nextAt - experience), i18n.language), level: level + 1 })}
        </p>
      )}
    </div>
  );
}

/** Beside the name of a host: the way into the fan club, or the viewer's level in it. */
export function FanClubButton({ live, onOpen }: { live: Live; onOpen: () => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(fanClubQuery(live.id));
  if (live.is_mine || data === undefined) return null;
  if (!data.is_member)
    return (
      <Button className="rounded-full!" onPress={onOpen}>
        {t("club.join")}
      </Button>
    );
  return (
    <BareButton
      className="inline-flex min-h-11 items-center gap-1.5 rounded-full bg-raised px-3.5 text-sm font-semibold hover:bg-strong pointer-fine:min-h-9"
      onPress={onOpen}
    >
      <Heart size={16} aria-hidden className="fill-accent text-accent" />
      {t("club.level", { level: data.level })}
    </BareButton>
  );
}

function useMembership(live: Live) {
  const { t } = useTranslation();
  const me = useMe();
  const path = { id: live.id };
  const updateClub = (part: Partial<FanClub>) =>
    queryClient.setQueryData<FanClub>(fanClubQuery(live.id).queryKey, (club) => club && { ...club, ...part });
  const { run } = useAction(async (work: () => Promise<Partial<FanClub>>) => updateClub(await work()), {
    failure: "toast",
  });
  return {
    join: async () => {
      if (me !== null || (await logInFor(t("club.loginFirst"))))
        await run(() => ask("live.joinFanClub", { path, body: {} }));
    },
    leave: () => run(() => ask("live.leaveFanClub", { path })),
  };
}
