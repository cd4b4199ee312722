import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { LiveBadge } from "#parts/live/live-badge.tsx";
import { liveQuery, refreshLive } from "#parts/live/queries.ts";
import { isOnAir, stateOf } from "#parts/live/room-state.ts";
import { useNow } from "#parts/live/use-now.ts";
import { LivePlayer } from "#parts/player/live/live-player.tsx";
import { useLivePlayer } from "#parts/player/live/use-live-player.ts";
import { RoomNotice } from "#pages/live/room/room-notice.tsx";

const send = (message: object): void => window.parent.postMessage(message, "*");

/** The player of a live room alone, for frames on other sites. Chat and gifts are on the page of the room. */
export function LiveEmbedPage() {
  const { t } = useTranslation();
  const text = useErrorText();
  const { id } = useParams({ from: "/embed/live/$id" });
  const { data: live, isError, error, isPending } = useQuery({ ...liveQuery(id), enabled: id > 0 });
  useTitle(live?.title);
  const refusal = isError ? text(error) : t("watch.missing.title");
  const isLost = live === undefined && !(isPending && id > 0);
  useEffect(() => {
    if (isLost) send({ kinora: "error", message: refusal });
  }, [isLost, refusal]);
  if (live === undefined)
    return (
      <p role="status" className="grid h-dvh place-items-center bg-black p-4 text-center text-white">
        {isLost ? refusal : t("embed.loading")}
      </p>
    );
  return <EmbeddedRoom live={live} />;
}

function EmbeddedRoom({ live }: { live: Live }) {
  const element = useRef<HTMLVideoElement>(null);
  const state = stateOf(live, useNow());
  const player = useLivePlayer(element, live.id, { isOn: isOnAir(state), onStall: () => refreshLive(live.id) });
  const { id, title } = live;
  useEffect(() => send({ kinora: "ready", id, title }), [id, title]);
  return (
    <main className="embed h-dvh overflow-hidden bg-black">
      <LivePlayer
        element={element}
        player={player}
        live={live}
        className="h-dvh"
        notice={state === "live" ? undefined : <RoomNotice live={live} state={state} />}
        head={
          <a
            href={`/live/${id}`}
            target="_blank"
            rel="noopener"
            className="text-shadow-video flex min-h-11 max-w-[90%] items-center gap-2 text-sm font-semibold text-white hover:underline"
          >
            {state === "live" && <LiveBadge />}
            <bdi className="truncate">{title}</bdi>
            <ExternalLink size={14} aria-hidden className="shrink-0 rtl:-scale-x-100" />
          </a>
        }
      />
    </main>
  );
}
