import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { firstRun } from "../api/account.ts";
import { instanceQuery, useMe } from "../api/queries.ts";
import { useTitle } from "../shell/use-title.ts";
import { Button, LinkButton } from "../ui/button.tsx";
import { Toggle } from "../ui/choice.tsx";
import { Problem } from "../ui/states.tsx";
import { AccountCard } from "./account-card.tsx";
import { Credentials, isAboutField } from "./credentials.tsx";
import { useEntry } from "./use-entry.ts";

/** Makes the administrator. Reached by the one-time link that is printed when the server starts. */
export function FirstRunPage() {
  const { t } = useTranslation();
  const { token = "" } = useSearch({ from: "/first-run" });
  const instance = useQuery(instanceQuery);
  const me = useMe();
  const [demo, setDemo] = useState(true);
  useTitle(t("first.title"));
  const entry = useEntry((username, password) => firstRun({ token, username, password, demo }), "/");

  if (instance.data?.first_run === false && !entry.isBusy) {
    return (
      <AccountCard title={t("first.done.title")} text={t("first.done.text")}>
        <LinkButton look="main" to={me == null ? "/login" : "/"} className="w-full">
          {me == null ? t("nav.login") : t("missing.action")}
        </LinkButton>
      </AccountCard>
    );
  }
  if (token === "") {
    return (
      <AccountCard title={t("first.noToken.title")} text={t("first.noToken.text")}>
        <LinkButton look="main" to="/" className="w-full">
          {t("missing.action")}
        </LinkButton>
      </AccountCard>
    );
  }
  return (
    <AccountCard title={t("first.title")} text={t("first.text")}>
      <form onSubmit={entry.onSubmit} className="flex flex-col gap-5">
        <Credentials {...entry.fields} isNew />
        <div className="rounded-xl bg-raised px-4 py-3">
          <Toggle label={t("first.demo")} text={t("first.demo.text")} isOn={demo} onChange={setDemo} />
        </div>
        {entry.problemText !== null && !isAboutField(entry.failure) && <Problem>{entry.problemText}</Problem>}
        <Button look="main" type="submit" isBusy={entry.isBusy} className="min-h-12 text-base">
          {t("first.submit")}
        </Button>
      </form>
    </AccountCard>
  );
}
