import { Copy } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { User } from "#base/api/types.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";

const useCounts = ["1", "5", "10", "25", "100"] as const;
const lifetimesDays = ["1", "7", "14", "30", "90"] as const;

interface NewInvitationProps {
  me: User;
  onClose: () => void;
}

/** Makes an invitation, and shows its link the one time that the server does. */
export function NewInvitation({ me, onClose }: NewInvitationProps) {
  const { t } = useTranslation();
  const [url, setUrl] = useState<string | null>(null);
  // A press beside the sheet must not take the link away, which nobody can see again.
  return (
    <Sheet
      title={t(url === null ? "invitations.new" : "invitations.made")}
      isOpen
      onClose={onClose}
      isDismissable={url === null}
    >
      {url === null ? <InvitationForm me={me} onMade={setUrl} /> : <MadeLink url={url} onDone={onClose} />}
    </Sheet>
  );
}

function InvitationForm({ me, onMade }: { me: User; onMade: (url: string) => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const [email, setEmail] = useState("");
  const [uses, setUses] = useState<(typeof useCounts)[number]>("1");
  const [days, setDays] = useState<(typeof lifetimesDays)[number]>("14");
  const [skipsApproval, setSkipsApproval] = useState(false);
  const { run, isBusy, problem } = useAction(
    async () => {
      const body = {
        uses: Number(uses),
        expires_in_days: Number(days),
        note: note.trim(),
        ...(email.trim() !== "" && { email: email.trim() }),
        ...(skipsApproval && { skips_approval: true }),
      };
      onMade((await ask("auth.invite", { body })).url);
    },
    { changes: [keyOf("invitations")] },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void run();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label={t("invitations.note")}
        hint={t("invitations.note.hint")}
        value={note}
        onChange={setNote}
        charactersMax={200}
        autoFocus
      />
      <div className="grid grid-cols-2 gap-3">
        <Select
          label={t("invitations.uses")}
          value={uses}
          onChange={setUses}
          options={useCounts.map((value) => ({ value, name: t("invitations.people", { count: Number(value) }) }))}
        />
        <Select
          label={t("invitations.lasts")}
          value={days}
          onChange={setDays}
          options={lifetimesDays.map((value) => ({ value, name: t("invitations.days", { count: Number(value) }) }))}
        />
      </div>
      <Field
        label={t("invitations.email")}
        hint={t("invitations.email.hint")}
        type="email"
        value={email}
        onChange={setEmail}
        charactersMax={254}
      />
      {me.role !== "user" && (
        <Toggle
          label={t("invitations.skips.label")}
          text={t("invitations.skips.text")}
          isOn={skipsApproval}
          onChange={setSkipsApproval}
        />
      )}
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" type="submit" isBusy={isBusy} className="min-h-12 text-base">
        {t("invitations.make")}
      </Button>
    </form>
  );
}

function MadeLink({ url, onDone }: { url: string; onDone: () => void }) {
  const { t } = useTranslation();
  const copy = () =>
    copyText(url).then(
      () => showToast(t("action.copied")),
      () => showToast(t("invitations.copyFailed")),
    );
  return (
    <div className="flex flex-col gap-4">
      <p className="text-base text-pretty text-soft">{t("invitations.made.text")}</p>
      <code dir="ltr" className="rounded-lg bg-raised px-3.5 py-3 text-sm break-all select-all">
        {url}
      </code>
      <div className="flex flex-wrap gap-3">
        <Button look="main" className="flex-1" onPress={() => void copy()} autoFocus>
          <Copy size={18} aria-hidden />
          {t("action.copyLink")}
        </Button>
        <Button className="flex-1" onPress={onDone}>
          {t("invitations.done")}
        </Button>
      </div>
    </div>
  );
}
