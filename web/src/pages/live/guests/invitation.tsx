import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import type { OwnGuest } from "./use-own-guest.ts";

/** The choice of an invited viewer, or of one whose stream was lost; nothing while they are on air. */
export function Invitation({ live, own: ownGuest }: { live: Live; own: OwnGuest }) {
  const { t, i18n } = useTranslation();
  const { guest, broadcast, accept, leave } = ownGuest;
  const isOwn = broadcast.liveId === guest.live_id;
  const state = isOwn ? broadcast.state : "off";
  if (state === "sending") return null;
  const name = live.owner.nickname || live.owner.username;
  const isInvited = guest.status === "invited" && state !== "lost";
  const isBusy = state === "asking" || state === "connecting";
  const title = isInvited ? t("guests.invites", { name }) : t("guests.lost");
  const problem = isOwn ? broadcast.problem : null;
  const own_ = typeof problem === "string" ? `live.browser.problem.${problem}` : `error.${problem?.code ?? ""}`;
  return (
    <section
      aria-label={title}
      className="animate-rise absolute inset-x-3 top-28 z-10 mx-auto flex max-w-sm flex-col gap-3 rounded-2xl bg-surface p-4 text-ink shadow-2xl sm:top-16"
    >
      <div role="status" className="flex items-center gap-3">
        <Avatar user={live.owner} size="medium" className="live-ring" />
        <div className="min-w-0">
          <h2 className="text-base font-semibold text-pretty">{title}</h2>
          <p className="text-sm text-soft text-pretty">
            {isBusy ? t(`live.browser.state.${state}`) : t(isInvited ? "guests.invites.text" : "guests.lost.text")}
          </p>
        </div>
      </div>
      {problem !== null && (
        <Problem>
          {t(i18n.exists(own_) ? (own_ as "live.browser.problem.other") : "live.browser.problem.other")}
        </Problem>
      )}
      <div className="grid grid-cols-2 gap-2">
        <Button onPress={leave}>{t(isInvited ? "guests.decline" : "guests.leave")}</Button>
        <Button look="main" isBusy={isBusy} onPress={() => isBusy || accept()}>
          {t(isInvited ? "guests.accept" : "guests.rejoin")}
        </Button>
      </div>
    </section>
  );
}
