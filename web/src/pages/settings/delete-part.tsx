import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteAccount } from "#base/api/account.ts";
import { factorsQuery } from "#base/api/queries.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { PasswordField } from "#base/ui/fields/password-field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** Deletes the account; it asks for the password, for nothing brings an account back. */
export function DeletePart() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <p className="mb-3 text-soft">{t("settings.delete.text")}</p>
      <Button look="danger" onPress={() => setOpen(true)}>
        {t("settings.delete")}
      </Button>
      <Sheet title={t("settings.delete")} isOpen={isOpen} onClose={() => setOpen(false)}>
        <DeleteForm />
      </Sheet>
    </>
  );
}

function DeleteForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
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
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void remove();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-pretty text-soft">{t("settings.delete.text")}</p>
      {hasPassword && (
        <PasswordField label={t("settings.delete.password")} value={password} onChange={setPassword} autoFocus />
      )}
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="danger" type="submit" isBusy={isBusy} isDisabled={hasPassword && password === ""}>
        {t("settings.delete.confirm")}
      </Button>
    </form>
  );
}
