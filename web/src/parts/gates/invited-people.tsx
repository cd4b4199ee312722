import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { Problem } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { gateKey, invitedQuery, type LockableThing } from "./queries.ts";

const pages = { video: "watch", live: "live", playlist: "playlist" } as const;

/** The people who are invited to a thing, for its owner: by name, or by a link for one person. */
export function InvitedPeople({ thing }: { thing: LockableThing }) {
  const { t } = useTranslation();
  const people = useQuery(invitedQuery(thing));
  const [names, setNames] = useState("");
  const [link, setLink] = useState("");
  const invite = useAction(async () => {
    const usernames = names.split(/[\s,，]+/).filter((name) => name !== "");
    const { added } = await ask("interaction.inviteToGate", { path: thing, body: { usernames } });
    setNames("");
    await invalidate(gateKey(thing));
    showToast(t("gate.people.invited", { count: added }));
  });
  const makeLink = useAction(async () => {
    const { link: made } = await ask("interaction.inviteToGate", { path: thing, body: { link: { uses: 1 } } });
    if (made) setLink(`${location.origin}/${pages[thing.kind]}/${thing.id}?invitation=${made.code}`);
  });
  const remove = useAction(async (userId: number) => {
    await ask("interaction.uninvite", { path: { ...thing, user_id: userId } });
    await invalidate(gateKey(thing));
  });
  const list = people.data?.list ?? [];
  const problem = invite.problem ?? makeLink.problem ?? remove.problem;
  return (
    <section aria-label={t("gate.people")} className="flex flex-col gap-3 rounded-xl border border-line p-3">
      <h3 className="text-sm font-medium">{t("gate.people")}</h3>
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <Field label={t("gate.people.names")} value={names} onChange={setNames} maxLength={1_000} />
        </div>
        <Button isBusy={invite.isBusy} isDisabled={names.trim() === ""} onPress={() => void invite.run()}>
          {t("gate.people.invite")}
        </Button>
      </div>
      {list.length === 0 && people.isSuccess && <p className="text-sm text-soft">{t("gate.people.none")}</p>}
      <ul>
        {list.map((person) => {
          const name = person.nickname || person.username;
          return (
            <li key={person.id} className="flex items-center gap-3 py-1">
              <Avatar user={person} />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <IconButton label={t("gate.people.remove", { name })} onPress={() => void remove.run(person.id)}>
                <X size={18} aria-hidden />
              </IconButton>
            </li>
          );
        })}
      </ul>
      {link === "" ? (
        <Button className="self-start" isBusy={makeLink.isBusy} onPress={() => void makeLink.run()}>
          {t("gate.people.link")}
        </Button>
      ) : (
        <div className="flex flex-col gap-2">
          <p className="text-sm text-soft">{t("gate.people.link.text")}</p>
          <p className="rounded-lg bg-raised px-3 py-2 text-sm wrap-anywhere">{link}</p>
          <Button className="self-start" onPress={() => void copyText(link).then(() => showToast(t("action.copied")))}>
            {t("action.copyLink")}
          </Button>
        </div>
      )}
      {problem !== null && <Problem>{problem}</Problem>}
    </section>
  );
}
