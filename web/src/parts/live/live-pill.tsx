import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { LiveBadge } from "./live-badge.tsx";
import { feedLiveQuery } from "./queries.ts";
import { bestOf } from "./room-state.ts";

/** Rooms that the viewer closed this over; they are not offered again before the page is loaded anew. */
const closed = new Set<number>();

/** Over the feed: who is live now, of those the viewer follows first. */
export function LivePill() {
  const { t } = useTranslation();
  const { data } = useQuery(feedLiveQuery);
  const [, setCount] = useState(closed.size);
  const live = bestOf(data?.list.filter(({ id }) => !closed.has(id)) ?? []);
  if (live === undefined) return null;
  const name = live.owner.nickname || live.owner.username;
  const close = () => {
    closed.add(live.id);
    setCount(closed.size);
  };
  return (
    <div className="feed-live pointer-events-none flex justify-center px-4 text-white">
      <div className="pointer-events-auto flex max-w-full items-center rounded-full bg-black/55 ps-1 text-sm backdrop-blur-sm">
        <Link
          to="/live/$id"
          params={{ id: live.id }}
          className="flex min-h-11 min-w-0 items-center gap-2 rounded-full pe-1"
        >
          <Avatar user={live.owner} className="live-ring" />
          <LiveBadge />
          <bdi className="truncate font-semibold">{name}</bdi>
        </Link>
        <BareButton
          aria-label={t("live.pill.close", { name })}
          onPress={close}
          className="grid size-11 shrink-0 place-items-center rounded-full text-white/80 hover:text-white"
        >
          <X size={16} aria-hidden />
        </BareButton>
      </div>
    </div>
  );
}
