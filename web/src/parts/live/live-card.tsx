import { Link } from "@tanstack/react-router";
import { Radio } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { formatDate } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { LiveBadge, Viewers } from "./live-badge.tsx";
import { coloursOf, coverOf } from "./room-picture.ts";

/** The picture of a room; a quiet one of its own colour where its host gave none. Pictures of other sites are not shown. */
export function LiveCover({ live, className = "" }: { live: Live; className?: string }) {
  const [isBroken, setBroken] = useState(false);
  const cover = coverOf(live);
  const hasPicture = cover !== "" && !isBroken;
  const isOnAir = live.status === "live" || live.status === "paused";
  return (
    <span
      className={`relative grid aspect-video place-items-center overflow-hidden rounded-xl bg-raised ${className}`}
      {...(!hasPicture && { style: { background: coloursOf(live) } })}
    >
      {hasPicture ? (
        <img
          src={cover}
          alt=""
          loading="lazy"
          decoding="async"
          className="absolute inset-0 size-full object-cover"
          onError={() => setBroken(true)}
        />
      ) : (
        <Radio size={40} strokeWidth={1.5} aria-hidden className="text-white/55" />
      )}
      {isOnAir && (
        <span className="absolute start-2 top-2 flex gap-1.5">
          <LiveBadge isPaused={live.status === "paused"} />
          <Viewers count={live.online_count} />
        </span>
      )}
    </span>
  );
}

/** A room in a grid: its picture, then its host's face beside title and name. */
export function LiveCard({ live }: { live: Live }) {
  const { t, i18n } = useTranslation();
  const { owner } = live;
  const params = { username: owner.username };
  const isOnAir = live.status === "live" || live.status === "paused";
  return (
    <article>
      <Link to="/live/$id" params={{ id: live.id }} aria-hidden tabIndex={-1} className="block rounded-xl">
        <LiveCover live={live} />
      </Link>
      <div className="mt-2.5 flex gap-2.5">
        <Link to="/@{$username}" params={params} aria-hidden tabIndex={-1} className="h-8 rounded-full">
          <Avatar user={owner} className={isOnAir ? "live-ring" : ""} />
        </Link>
        <div className="min-w-0 flex-1">
          <h3 className="-mt-0.5 font-semibold">
            <Link to="/live/$id" params={{ id: live.id }} className="line-clamp-2 py-0.5 hover:underline">
              <bdi>{live.title}</bdi>
            </Link>
          </h3>
          <p className="text-xs text-soft">
            <Link to="/@{$username}" params={params} className="block truncate py-1 hover:text-ink">
              <bdi>{owner.nickname || owner.username}</bdi>
            </Link>
            {live.status === "waiting" &&
              (live.scheduled_at === null
                ? t("live.card.waiting")
                : formatDate(Date.parse(live.scheduled_at), i18n.language))}
          </p>
        </div>
      </div>
    </article>
  );
}
