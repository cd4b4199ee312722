import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { notificationSettingsQuery } from "#base/api/message-queries.ts";
import { emailQuery, instanceQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { type Change, NotificationTable } from "./notification-table.tsx";
import { Part } from "./part.tsx";
import { PushDevice } from "./push-device.tsx";

/** The kinds of notifications of the viewer, and their places. */
export function NotificationsPart({ userId }: { userId: number }) {
  const text = useErrorText();
  const query = useQuery(notificationSettingsQuery);
  const { data: instance } = useQuery(instanceQuery);
  const { data: email } = useQuery(emailQuery);
  if (query.data === undefined || instance === undefined) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton className="h-60" />
    );
  }
  const settings = query.data;
  const change = ({ mail, push, ...site }: Change) => {
    const key = notificationSettingsQuery.queryKey;
    const after = { ...settings, ...site, mail: { ...settings.mail, ...mail }, push: { ...settings.push, ...push } };
    queryClient.setQueryData(key, after);
    const body = { ...site, ...(mail && { mail }), ...(push && { push }) };
    ask("message.setSettings", { body }).catch((thrown: unknown) => {
      queryClient.setQueryData(key, settings);
      showToast(text(thrown));
    });
  };
  const hasMail = instance.features.includes("mail");
  return (
    <div className="flex flex-col gap-4">
      <PushDevice userId={userId} />
      <Part>
        <NotificationTable settings={settings} hasMail={hasMail} onChange={change} />
        {email !== undefined && <MailNote hasMail={hasMail} isVerified={email.is_verified} />}
      </Part>
    </div>
  );
}

/** Why no mails come, where none do. */
function MailNote({ hasMail, isVerified }: { hasMail: boolean; isVerified: boolean }) {
  const { t } = useTranslation();
  if (hasMail && isVerified) return null;
  return (
    <p className="mt-3 text-sm text-soft">
      {t(hasMail ? "notice.mail.unverified" : "notice.mail.none")}{" "}
      {hasMail && (
        <Link to="/settings/$section" params={{ section: "account" }} className="font-medium text-ink underline">
          {t("notice.mail.account")}
        </Link>
      )}
    </p>
  );
}
