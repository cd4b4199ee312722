import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteAccount } from "#base/api/account.ts";
import { factorsQuery } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { formatCount, formatSize } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { PasswordField } from "#base/ui/fields/password-field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { usageQuery } from "#pages/drive/entries/entries.ts";
import { ExportState } from "./export-part.tsx";
import { useExport } from "./use-export.ts";

/** Deletes the account: what goes is shown first, with its export, because nothing brings an account back. */
export function DeletePart({ me }: { me: User }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <p className="mb-3 text-soft">{t("settings.delete.text")}</p>
      <Button look="danger" onPress={() => setOpen(true)}>
        {t("settings.delete")}
      </Button>
      <Sheet title={t("settings.delete")} isOpen={isOpen} onClose={() => setOpen(false)}>
        <DeleteForm me={me} />
      </Sheet>
    </>
  );
}

function DeleteForm({ me }: { me: User }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const { data: factors } = useQuery(factorsQuery);
  const hasPassword = factors?.password !== false;
  const {
    run: remove,
    isBusy,
    problem,
  } = useAction(async () => {
    await deleteAccount(hasPassword ? password : undefined);
    showToast(t("settings.delete.done"));
    await navigate({ to: "/" });
  });
  const isConfirmed = username.trim().normalize("NFC") === me.username && (!hasPassword || password !== "");
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isConfirmed) void remove();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Losses me={me} />
      <ExportFirst />
      <Field
        label={t("settings.delete.name", { name: me.username })}
        value={username}
        onChange={setUsername}
        autoComplete="off"
        spellCheck="false"
      />
      {hasPassword && <PasswordField label={t("settings.delete.password")} value={password} onChange={setPassword} />}
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="danger" type="submit" isBusy={isBusy} isDisabled={!isConfirmed}>
        {t("settings.delete.confirm")}
      </Button>
    </form>
  );
}

/** The list of what is deleted, with what stays and when. */
function Losses({ me }: { me: User }) {
  const { t, i18n } = useTranslation();
  const { data: usage } = useQuery(usageQuery);
  const countOf = (count: number) => ({ count, shown: formatCount(count, i18n.language) });
  return (
    <div className="flex flex-col gap-3 text-sm text-pretty">
      <p className="font-semibold">{t("settings.delete.heading", { name: me.username })}</p>
      <ul className="flex list-disc flex-col gap-1 ps-5 text-soft">
        <li>{t("settings.delete.videos", countOf(me.video_count))}</li>
        <li>{t("settings.delete.followers", countOf(me.follower_count))}</li>
        {usage !== undefined && (
          <li>{t("settings.delete.files", { size: formatSize(usage.used_bytes, i18n.language) })}</li>
        )}
        <li>{t("settings.delete.posts")}</li>
        <li>{t("settings.delete.coins")}</li>
      </ul>
      <p className="text-soft">{t("settings.delete.when")}</p>
      <p className="text-soft">{t("settings.delete.stays")}</p>
    </div>
  );
}

function ExportFirst() {
  const { t } = useTranslation();
  const { download, isBusy, problem, progress, prepared } = useExport();
  return (
    <div className="flex flex-col items-start gap-2">
      <Button isBusy={isBusy} onPress={() => void (!isBusy && download({ hasOriginals: true }))}>
        <Download size={16} aria-hidden />
        {t("settings.delete.export")}
      </Button>
      {problem !== null && <Problem>{problem}</Problem>}
      <ExportState progress={progress} prepared={prepared} />
    </div>
  );
}
