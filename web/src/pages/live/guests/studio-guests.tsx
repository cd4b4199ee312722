import { UserPlus, X } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live, LiveGuest } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { refreshLive } from "#parts/live/queries.ts";
import { useFollowedRoom } from "../feed/use-room-feed.ts";
import { guestName, guestsMax } from "./guest-state.ts";
import { GuestTile } from "./guest-tile.tsx";
import { useGuestActions } from "./invite.ts";

const InviteSheet = lazySheet(() => import("./invite-sheet.tsx"), "InviteSheet");
/** Guests are as loud as they are; each can be muted. */
const sound = { volume: 1, isMuted: false, isPlaying: true } as const;

/** The guests of a room as its host has them: shown without delay, invited and removed. */
export function StudioGuests({ live }: { live: Live }) {
  const { t } = useTranslation();
  const [isInviting, setInviting] = useState(false);
  const { remove } = useGuestActions(live.id);
  const { guests } = live;
  useGuestMessages(() => refreshLive(live.id));
  return (
    <section aria-labelledby="guests" className="mt-4 min-w-0 rounded-2xl bg-surface p-4">
      <header className="flex items-center gap-2">
        <h2 id="guests" className="text-base font-semibold">
          {t("guests.title")}
        </h2>
        {guests.length > 0 && (
          <span className="tabular text-sm text-soft">
            {t("guests.count", { count: guests.length, max: guestsMax })}
          </span>
        )}
        <span className="flex-1" />
        <Button isDisabled={guests.length >= guestsMax} onPress={() => setInviting(true)}>
          <UserPlus size={16} aria-hidden />
          {t("guests.invite")}
        </Button>
      </header>
      {guests.length === 0 ? (
        <p className="mt-1 text-sm text-soft">{t("guests.text")}</p>
      ) : (
        <ul className="mt-3 grid grid-cols-2 gap-2 sm:grid-cols-3 xl:grid-cols-2 2xl:grid-cols-3">
          {guests.map((guest) => (
            <li
              key={guest.live_id}
              data-theme="dark"
              className="grid aspect-video overflow-hidden rounded-xl bg-neutral-900"
            >
              {guest.status === "invited" ? (
                <Invited guest={guest} onCancel={() => remove(guest.user_id)} />
              ) : (
                <GuestTile guest={guest} roomId={live.id} sound={sound} isDirect>
                  <IconButton
                    label={t("guests.remove", { name: guestName(guest) })}
                    className="order-last size-9! bg-black/45 hover:bg-black/70"
                    onPress={() => remove(guest.user_id)}
                  >
                    <X size={18} aria-hidden />
                  </IconButton>
                </GuestTile>
              )}
            </li>
          ))}
        </ul>
      )}
      {isInviting && <InviteSheet live={live} onClose={() => setInviting(false)} />}
    </section>
  );
}

function Invited({ guest, onCancel }: { guest: LiveGuest; onCancel: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="relative flex flex-col items-center justify-center gap-1.5 p-3 text-center text-white">
      <Avatar user={guest.user} size="medium" />
      <p className="max-w-full truncate text-sm font-medium">
        <bdi>{guestName(guest)}</bdi>
      </p>
      <p className="text-xs text-white/70">{t("guests.waiting")}</p>
      <IconButton
        label={t("guests.cancel")}
        className="absolute! end-1.5 top-1.5 size-9! bg-black/45 hover:bg-black/70"
        onPress={onCancel}
      >
        <X size={18} aria-hidden />
      </IconButton>
    </div>
  );
}

/** Calls when the room says that a guest came, left or declined. */
function useGuestMessages(onChange: () => void): void {
  const room = useFollowedRoom();
  const changed = useEffectEvent(onChange);
  useEffect(() => room.listen(({ type }) => void (type === "guest" && changed())), [room]);
}
