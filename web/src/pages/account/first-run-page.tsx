import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { firstRun } from "#base/api/account.ts";
import { instanceQuery, useMe } from "#base/api/queries.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { draftOf } from "#parts/site/site-draft.ts";
import { AccountCard } from "./account-card.tsx";
import { Credentials, isAboutField } from "./credentials.tsx";
import { SetupFrame } from "./setup-frame.tsx";
import { useEntry } from "./use-entry.ts";

/** Makes the administrator: the first step. Reached by the one-time link that is printed when the server starts. */
export function FirstRunPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { token = "" } = useSearch({ from: "/first-run" });
  const instance = useQuery(instanceQuery);
  useTitle(t("first.title"));
  const entry = useEntry((username, password) => firstRun({ token, username, password }), "/setup", {
    greets: false,
  });

  if (instance.data?.first_run === false && !entry.isBusy) return <AlreadyDone />;
  if (token === "") {
    return (
      <AccountCard title={t("first.noToken.title")} text={t("first.noToken.text")}>
        <LinkButton look="main" to="/" className="w-full">
          {t("missing.action")}
        </LinkButton>
      </AccountCard>
    );
  }
  if (instance.data === undefined)
    return instance.isError ? (
      <ErrorState error={instance.error} onRetry={() => void instance.refetch()} />
    ) : (
      <div aria-busy className="min-h-dvh" />
    );
  return (
    <SetupFrame
      step={1}
      title={t("first.title")}
      text={t("first.text")}
      look={draftOf(instance.data)}
      submit={t("first.submit")}
      isBusy={entry.isBusy}
      problem={isAboutField(entry.failure) ? null : entry.problemText}
      onSubmit={entry.submit}
      onSkip={() => void navigate({ to: "/" })}
    >
      <Credentials {...entry.fields} isNew />
      <p className="text-sm text-soft">{t("first.skip.text")}</p>
    </SetupFrame>
  );
}

/** The administrator is there: it goes on with the steps, others log in. */
function AlreadyDone() {
  const { t } = useTranslation();
  const me = useMe();
  const isAdmin = me?.role === "admin";
  return (
    <AccountCard title={t("first.done.title")} text={t(isAdmin ? "first.done.own" : "first.done.text")}>
      <div className="flex flex-col gap-3">
        {me == null && (
          <LinkButton look="main" to="/login" className="w-full">
            {t("nav.login")}
          </LinkButton>
        )}
        {isAdmin && (
          <LinkButton look="main" to="/setup" className="w-full">
            {t("first.goOn")}
          </LinkButton>
        )}
        {me != null && (
          <LinkButton look={isAdmin ? "plain" : "main"} to="/" className="w-full">
            {t("missing.action")}
          </LinkButton>
        )}
      </div>
    </AccountCard>
  );
}
