import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trophy } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { invalidate } from "#base/api/query-client.ts";
import type { Giver } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { CoinDrawing, Coins } from "#parts/wallet/coin.tsx";
import { useFollowedRoom } from "../feed/use-room-feed.ts";
import { giversQuery } from "./queries.ts";

/** The list changes while gifts come, every few seconds at most. */
const refreshMs = 4_000;

function useGivers(liveId: number) {
  const room = useFollowedRoom();
  const query = useQuery(giversQuery(liveId));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = room.listen(({ type }) => {
      if (type !== "gift" || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        void invalidate(giversQuery(liveId).queryKey);
      }, refreshMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [room, liveId]);
  return query;
}

function useGiverName(): (giver: Giver) => string {
  const { t } = useTranslation();
  return ({ user, is_mine }) =>
    is_mine && user === null ? t("gifts.you") : user === null ? t("room.nameless") : user.nickname || user.username;
}

const faceOf = ({ user, rank }: Giver, name: string) => user ?? { id: rank, username: name, nickname: "", avatar: "" };

/** Those who gave most in a room, in their order. */
export function GiverList({ liveId }: { liveId: number }) {
  const { t } = useTranslation();
  const query = useGivers(liveId);
  const nameOf = useGiverName();
  if (query.isError && query.data === undefined) return <LoadFailed query={query} />;
  if (query.data === undefined) return <Skeleton className="h-40" />;
  if (query.data.list.length === 0)
    return <p className="py-10 text-center text-balance text-soft">{t("gifts.givers.none")}</p>;
  return (
    <ol className="flex flex-col">
      {query.data.list.map((giver) => (
        <li key={giver.rank} className="flex min-h-13 items-center gap-3">
          <span
            className={classNames("tabular w-6 text-center font-semibold", giver.rank <= 3 ? "text-warn" : "text-soft")}
          >
            {giver.rank}
          </span>
          <Avatar user={faceOf(giver, nameOf(giver))} size="comment" />
          <span className="min-w-0 flex-1 truncate font-medium">
            {giver.user === null ? (
              nameOf(giver)
            ) : (
              <Link to="/@{$username}" params={{ username: giver.user.username }} className="hover:underline">
                <bdi>{nameOf(giver)}</bdi>
              </Link>
            )}
          </span>
          <Coins amount={giver.total_value} className="font-semibold" />
        </li>
      ))}
    </ol>
  );
}

const rings = ["outline-[#e8b93b]", "outline-[#b8bcc6]", "outline-[#c98a56]"];

/** The first three above the chat of a desk; the way to all of them. */
export function GiverChips({ liveId, onOpen }: { liveId: number; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const { data } = useGivers(liveId);
  const nameOf = useGiverName();
  const first = data?.list.slice(0, 3) ?? [];
  if (first.length === 0) return null;
  return (
    <BareButton className="mx-3 mb-2 grid shrink-0 grid-cols-3 gap-1.5 rounded-full text-start" onPress={onOpen}>
      <span className="sr-only">{t("gifts.tab.givers")}</span>
      {first.map((giver) => (
        <span
          key={giver.rank}
          className="flex min-w-0 items-center gap-1.5 rounded-full bg-raised p-0.5 pe-2 hover:bg-strong"
        >
          <Avatar
            user={faceOf(giver, nameOf(giver))}
            size="small"
            className={`outline-2 -outline-offset-2 ${rings[giver.rank - 1] ?? ""}`}
          />
          <span className="flex min-w-0 flex-col">
            <bdi className="truncate text-xs font-semibold">{nameOf(giver)}</bdi>
            <span className="tabular flex items-center gap-1 text-xs text-soft">
              <CoinDrawing className="size-3" />
              {formatCount(giver.total_value, i18n.language)}
            </span>
          </span>
        </span>
      ))}
    </BareButton>
  );
}

/** The first three over the picture of a phone. */
export function GiverFaces({ liveId, onOpen }: { liveId: number; onOpen: () => void }) {
  const { t } = useTranslation();
  const { data } = useGivers(liveId);
  const nameOf = useGiverName();
  const first = data?.list.slice(0, 3) ?? [];
  if (first.length === 0) return null;
  return (
    <BareButton
      className="relative ms-auto flex h-7 shrink-0 items-center gap-1 rounded-full bg-black/45 ps-0.5 pe-2 after:absolute after:-inset-y-2 after:inset-x-0"
      onPress={onOpen}
    >
      <span className="sr-only">{t("gifts.tab.givers")}</span>
      {first.map((giver, place) => (
        <Avatar
          key={giver.rank}
          user={faceOf(giver, nameOf(giver))}
          size="tiny"
          className={`outline-2 -outline-offset-2 ${rings[place] ?? ""} ${place > 0 ? "-ms-2" : ""}`}
        />
      ))}
      <Trophy size={14} aria-hidden className="text-[#ffd166]" />
    </BareButton>
  );
}
