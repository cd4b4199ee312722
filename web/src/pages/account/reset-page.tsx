import { useNavigate } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { PasswordField } from "#base/ui/fields/password-field.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { AccountCard } from "./account-card.tsx";

/** Sets a new password with the link an operator gave; the token is behind the `#`, so no server ever logs it. */
export function ResetPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [token] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState("");
  useTitle(t("reset.title"));

  const {
    run: set,
    isBusy,
    problem,
  } = useAction(async () => {
    await ask("auth.resetPassword", { body: { token, password } });
    showToast(t("reset.done"));
    await navigate({ to: "/login" });
  });

  if (token === "")
    return (
      <AccountCard title={t("reset.missing.title")} text={t("reset.missing.text")}>
        <LinkButton look="main" to="/" className="w-full">
          {t("missing.action")}
        </LinkButton>
      </AccountCard>
    );
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void set();
  };
  return (
    <AccountCard title={t("reset.title")} text={t("reset.text")}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <PasswordField label={t("settings.password.new")} value={password} onChange={setPassword} isNew />
        {problem !== null && <Problem>{problem}</Problem>}
        <Button look="main" type="submit" isDisabled={password === ""} isBusy={isBusy} className="min-h-12 text-base">
          {t("reset.action")}
        </Button>
      </form>
    </AccountCard>
  );
}
