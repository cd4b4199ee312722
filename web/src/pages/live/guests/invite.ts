import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { refreshLive } from "#parts/live/queries.ts";

/** Invites and removes guests of a room of the viewer; what goes wrong is said in a toast. */
export function useGuestActions(roomId: number) {
  const { t } = useTranslation();
  const text = useErrorText();
  const run = (work: Promise<unknown>, sentence?: string) =>
    void work.then(
      () => {
        refreshLive(roomId);
        if (sentence !== undefined) showToast(sentence);
      },
      (thrown: unknown) => showToast(text(thrown)),
    );
  return {
    invite: (userId: number, name: string) =>
      run(ask("live.inviteGuest", { path: { id: roomId }, body: { user_id: userId } }), t("guests.invited", { name })),
    remove: (userId: number) => run(ask("live.removeGuest", { path: { id: roomId, user_id: userId } })),
  };
}
