import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { PasswordField } from "#base/ui/fields/password-field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** The button that opens the form by which one changes one's password. */
export function PasswordPart() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onPress={() => setOpen(true)}>{t("settings.password.change")}</Button>
      <Sheet title={t("settings.password.change")} isOpen={isOpen} onClose={() => setOpen(false)}>
        <PasswordForm onDone={() => setOpen(false)} />
      </Sheet>
    </>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [oldPassword, setOld] = useState("");
  const [password, setNew] = useState("");

  const {
    run: change,
    isBusy,
    problem,
  } = useAction(async () => {
    await ask("auth.changePassword", { body: { old_password: oldPassword, password } });
    void invalidate(keyOf("sessions"));
    showToast(t("settings.password.changed"));
    onDone();
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void change();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-sm text-soft">{t("settings.password.text")}</p>
      <PasswordField
        label={t("settings.password.old")}
        name="old-password"
        value={oldPassword}
        onChange={setOld}
        autoFocus
      />
      <PasswordField label={t("settings.password.new")} name="new-password" value={password} onChange={setNew} isNew />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" type="submit" isBusy={isBusy} isDisabled={oldPassword === "" || password === ""}>
        {t("settings.password.change")}
      </Button>
    </form>
  );
}
