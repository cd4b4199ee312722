import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { AccountCard } from "./account-card.tsx";

/**
 * Restores the e-mail address of an account by the link that was sent to it. Opening the page changes nothing, because
 * programs that look at mails open their links; the token is behind the `#`, so no server ever logs it.
 */
export function UndoEmailPage() {
  const { t } = useTranslation();
  const text = useErrorText();
  const [token] = useState(() => location.hash.slice(1));
  useTitle(t("undoEmail.title"));
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: () => ask("auth.undoEmail", { body: { token } }),
  });
  const said = error === null ? t("undoEmail.text") : text(error);
  return (
    <AccountCard
      title={isSuccess ? t("undoEmail.done") : t("undoEmail.title")}
      text={isSuccess ? t("undoEmail.done.text") : said}
    >
      {isSuccess ? (
        <LinkButton look="main" to="/forgot" className="w-full">
          {t("undoEmail.password")}
        </LinkButton>
      ) : (
        <Button look="main" isBusy={isPending} isDisabled={token === ""} onPress={() => mutate()} className="w-full">
          {t("undoEmail.action")}
        </Button>
      )}
    </AccountCard>
  );
}
