import { useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteAccount } from "../api/account.ts";
import { Button } from "../ui/button.tsx";
import { PasswordField } from "../ui/password-field.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { Problem, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";

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
  const text = useErrorText();
  const [password, setPassword] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const remove = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await deleteAccount(password);
      showToast(t("settings.delete.done"));
      await navigate({ to: "/" });
    } catch (thrown) {
      setProblem(text(thrown));
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isBusy) void remove();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-pretty text-soft">{t("settings.delete.text")}</p>
      <PasswordField label={t("settings.delete.password")} value={password} onChange={setPassword} autoFocus />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="danger" type="submit" isBusy={isBusy} isDisabled={password === ""}>
        {t("settings.delete.confirm")}
      </Button>
    </form>
  );
}
