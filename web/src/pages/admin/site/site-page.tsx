import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { instanceQuery } from "#base/api/queries.ts";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { MailTest } from "./mail-test.tsx";
import { SiteForm } from "./site-form.tsx";
import { SiteHistory } from "./site-history.tsx";

/** The owner's decisions about the instance: its name and look, its rules, its sign-up, its mails. */
export function SitePage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.site")} isWide>
      <Site />
    </AdminFrame>
  );
}

function Site() {
  const { t } = useTranslation();
  const query = useQuery(instanceQuery);
  if (query.data === undefined)
    return query.isError ? <LoadFailed query={query} /> : <Skeleton className="h-[200dvh] w-full" />;
  return (
    <>
      <SiteForm site={query.data} />
      <Part id="mail" title={t("site.mail")}>
        <MailTest hasMail={query.data.features.includes("mail")} />
      </Part>
      <Part title={t("site.history")}>
        <SiteHistory />
      </Part>
    </>
  );
}

function Part({ id, title, children }: { id?: string; title: string; children: ReactNode }) {
  return (
    <section id={id} className="max-w-2xl scroll-mt-20">
      <h2 className="mb-3 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}
