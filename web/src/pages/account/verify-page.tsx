import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { AccountCard } from "./account-card.tsx";

/** Verifies an e-mail address by the link of a mail; the token is behind the `#`, so no server ever logs it. */
export function VerifyPage() {
  const { t } = useTranslation();
  const text = useErrorText();
  const [token] = useState(() => location.hash.slice(1));
  useTitle(t("verify.title"));
  // A query, so that the page that is drawn twice uses the link once.
  const { isSuccess, error } = useQuery({
    queryKey: keyOf("verify", token),
    queryFn: async () => {
      await ask("auth.verifyEmail", { body: { token } });
      void invalidate(keyOf("email"));
      return true;
    },
    enabled: token !== "",
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isBroken = token === "" || error !== null;
  const title = isBroken ? t("verify.failed") : isSuccess ? t("verify.done") : t("verify.title");
  const said = token === "" ? t("reset.missing.text") : error === null ? t("verify.text") : text(error);
  return (
    <AccountCard title={title} text={isSuccess ? t("verify.done.text") : said}>
      {(isSuccess || isBroken) && (
        <LinkButton
          look="main"
          to={isBroken ? "/settings/$section" : "/"}
          params={{ section: "account" }}
          className="w-full"
        >
          {isBroken ? t("settings.section.account") : t("missing.action")}
        </LinkButton>
      )}
    </AccountCard>
  );
}
