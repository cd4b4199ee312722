import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Live, LiveGuest } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { refreshLive } from "#parts/live/queries.ts";
import { type Broadcast, currentBroadcast, startBroadcast, stopBroadcast, useBroadcast } from "../capture/broadcast.ts";
import { ownGuest } from "./guest-state.ts";

/** The viewer as a guest of the room that is shown. */
export interface OwnGuest {
  readonly guest: LiveGuest;
  /** The stream of this browser as that guest; `off` if it sends nothing. */
  readonly broadcast: Broadcast;
  readonly isOn: boolean;
  readonly accept: () => void;
  /** Declines, or leaves. */
  readonly leave: () => void;
}

/** The viewer of a room as its guest; undefined if they are none. It ends with the page. */
export function useOwnGuest(live: Live): OwnGuest | undefined {
  const { t } = useTranslation();
  const text = useErrorText();
  const me = useMe();
  const broadcast = useBroadcast();
  const guest = live.is_mine ? undefined : ownGuest(live, me?.id);
  const liveId = guest?.live_id;
  useEffect(() => {
    if (liveId === undefined) return undefined;
    return () => {
      if (currentBroadcast().liveId !== liveId) return;
      const wasOn = currentBroadcast().state !== "off";
      stopBroadcast();
      if (wasOn) showToast(t("guests.over"));
    };
  }, [liveId, t]);
  if (guest === undefined) return undefined;
  const isOwn = broadcast.liveId === guest.live_id;
  const choice = { kind: "camera", cameraId: "", microphoneId: "", isGuest: true } as const;
  return {
    guest,
    broadcast,
    isOn: isOwn && broadcast.stream !== null,
    accept: () => void startBroadcast(guest.live_id, choice, live.id),
    leave: () => {
      if (isOwn) stopBroadcast();
      ask("live.removeGuest", { path: { id: live.id, user_id: guest.user_id } }).then(
        () => refreshLive(live.id),
        (thrown: unknown) => showToast(text(thrown)),
      );
    },
  };
}
