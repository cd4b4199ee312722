import { Volume2, VolumeX } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { LiveGuest } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { TileName } from "#parts/player/live/tile-name.tsx";
import { guestName } from "./guest-state.ts";
import { type Sound, useStream } from "./use-stream.ts";

interface GuestTileProps {
  guest: LiveGuest;
  roomId: number;
  sound: Sound;
  /** For who talks with the guest. */
  isDirect?: boolean;
  /** In the upper corner, before the button for the sound. */
  children?: ReactNode;
}

/** The stream of a guest, with the name and a button for its sound. */
export function GuestTile({ guest, roomId, sound, isDirect = false, children }: GuestTileProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  const name = guestName(guest);
  const stream = useStream(element, { liveId: guest.live_id, roomId, isDirect, sound });
  const isAway = guest.status === "paused";
  return (
    <div
      className="live-tile animate-rise relative min-h-0 min-w-0 overflow-hidden bg-neutral-900 text-white"
      data-guest={guest.user_id}
    >
      <video
        ref={element}
        playsInline
        tabIndex={-1}
        aria-label={t("guests.picture", { name })}
        className="absolute inset-0 size-full object-cover"
      />
      {(!stream.hasPicture || isAway) && (
        <div className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-black/60">
          <Avatar user={guest.user} size="card" />
          <p className="text-sm font-medium">{t(isAway ? "guests.away" : "guests.connecting")}</p>
        </div>
      )}
      <TileName>{name}</TileName>
      <div className="absolute end-1.5 top-1.5 flex gap-1">
        {children}
        {stream.hasPicture && !sound.isMuted && (
          <IconButton
            label={t(stream.isMuted ? "guests.unmute" : "guests.mute", { name })}
            className="size-9! bg-black/45 hover:bg-black/70"
            onPress={() => stream.setMuted(!stream.isMuted)}
          >
            {stream.isMuted ? <VolumeX size={18} aria-hidden /> : <Volume2 size={18} aria-hidden />}
          </IconButton>
        )}
      </div>
    </div>
  );
}
