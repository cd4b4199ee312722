import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { Live } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { refreshLive } from "#parts/live/queries.ts";
import { nameOf } from "../feed/lines.ts";
import { useRoomView } from "../feed/use-room-feed.ts";
import { suggestGuests } from "./guest-state.ts";
import { useGuestActions } from "./invite.ts";

/** Users that the host may invite: writers in the chat, or any by name. */
export function InviteSheet({ live, onClose }: { live: Live; onClose: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const lines = useRoomView((view) => view.lines);
  const { invite } = useGuestActions(live.id);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const people = suggestGuests(live, lines);
  const inviteByName = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const username = name.trim().replace(/^@/, "");
    if (username === "") return;
    setProblem(null);
    try {
      const { id } = await ask("user.byName", { path: { username } });
      await ask("live.inviteGuest", { path: { id: live.id }, body: { user_id: id } });
      refreshLive(live.id);
      onClose();
    } catch (thrown) {
      setProblem(asFailure(thrown).status === 404 ? t("guests.invite.unknown") : text(thrown));
    }
  };
  return (
    <Sheet title={t("guests.invite.title")} isOpen onClose={onClose}>
      <p className="mb-4 text-sm text-soft">{t("guests.text")}</p>
      <form onSubmit={(event) => void inviteByName(event)} className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Field label={t("guests.invite.name")} value={name} onChange={setName} problem={problem} />
        </div>
        <Button look="inverse" type="submit" className="mt-6.5 min-h-11!">
          {t("guests.invite")}
        </Button>
      </form>
      {people.length > 0 && (
        <section aria-labelledby="writing" className="mt-5">
          <h3 id="writing" className="mb-1 text-sm font-semibold">
            {t("guests.invite.recent")}
          </h3>
          <ul>
            {people.map((line) => (
              <li key={line.userId} className="flex min-h-13 items-center gap-3">
                <Avatar user={{ ...line, id: line.userId }} size="comment" />
                <p className="min-w-0 flex-1 truncate font-medium">
                  <bdi>{nameOf(line)}</bdi>
                </p>
                <Button
                  onPress={() => {
                    invite(line.userId, nameOf(line));
                    onClose();
                  }}
                >
                  {t("guests.invite")}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Sheet>
  );
}
