import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "../api/types.ts";
import { LiveBadge } from "../live/live-badge.tsx";
import { LivePlayer } from "../live/live-player.tsx";
import { liveQuery, refreshLive } from "../live/queries.ts";
import { RoomNotice } from "../live/room-notice.tsx";
import { isOnAir, stateOf } from "../live/room-state.ts";
import { useLivePlayer } from "../live/use-live-player.ts";
import { useNow } from "../live/use-now.ts";
import { useTitle } from "../shell/use-title.ts";
import { useErrorText } from "../ui/states.tsx";

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
