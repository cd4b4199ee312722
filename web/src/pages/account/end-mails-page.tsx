import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { AccountCard } from "./account-card.tsx";
import { endMails, isInvalidLink } from "./end-mails.ts";

/**
 * Ends mails about notifications by the link in them, without a sign-in. Opening the page ends nothing, because programs
 * that look at mails open their links; the token is behind the `#`, so no server ever logs it.
 */
export function EndMailsPage() {
  const { t } = useTranslation();
  const text = useErrorText();
  const [token] = useState(() => location.hash.slice(1));
  useTitle(t("endMails.title"));
  const { mutate, isPending, isSuccess, error } = useMutation({ mutationFn: () => endMails(token) });
  const isBroken = token === "" || isInvalidLink(error);
  const said = isBroken ? t("endMails.invalid.text") : error === null ? t("endMails.text") : text(error);
  return (
    <AccountCard
      title={isSuccess ? t("endMails.done") : isBroken ? t("endMails.invalid") : t("endMails.title")}
      text={isSuccess ? t("endMails.done.text") : said}
    >
      {isSuccess || isBroken ? (
        <LinkButton look="main" to="/settings/$section" params={{ section: "notifications" }} className="w-full">
          {t("endMails.settings")}
        </LinkButton>
      ) : (
        <Button look="main" isBusy={isPending} onPress={() => mutate()} className="w-full">
          {t("endMails.action")}
        </Button>
      )}
    </AccountCard>
  );
}
