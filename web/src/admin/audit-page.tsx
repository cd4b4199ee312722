import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { formatAgo, formatDate } from "../format/format.ts";
import { Pages } from "../moderation/pages.tsx";
import { Field } from "../ui/field.tsx";
import { AdminFrame } from "./admin-frame.tsx";

const auditQuery = (act: string, actor: string, subject: string) =>
  infiniteQueryOptions({
    queryKey: ["audit", act, actor, subject],
    queryFn: ({ pageParam, signal }) =>
      ask("moderation.audit", {
        query: {
          cursor: pageParam,
          page_size: 50,
          ...(act !== "" && { act }),
          ...(actor !== "" && { actor_id: Number(actor) }),
          ...(subject !== "" && { subject_id: Number(subject) }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });

/** The audit trail, latest first. */
export function AuditPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.audit")}>
      <Trail />
    </AdminFrame>
  );
}

const digits = (text: string) => text.replaceAll(/\D/g, "").slice(0, 15);

function Trail() {
  const { t, i18n } = useTranslation();
  const [act, setAct] = useState("");
  const [actor, setActor] = useState("");
  const [subject, setSubject] = useState("");
  const query = useInfiniteQuery(
    auditQuery(useDeferredValue(act.trim()), useDeferredValue(actor), useDeferredValue(subject)),
  );
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-3">
        <Field
          label={t("admin.audit.act")}
          placeholder={t("admin.audit.act.hint")}
          value={act}
          onChange={setAct}
          maxLength={64}
        />
        <Field
          label={t("admin.audit.actor")}
          inputMode="numeric"
          value={actor}
          onChange={(text) => setActor(digits(text))}
        />
        <Field
          label={t("admin.audit.subject")}
          inputMode="numeric"
          value={subject}
          onChange={(text) => setSubject(digits(text))}
        />
      </div>
      <Pages query={query} none={t("admin.audit.none")}>
        {(entry) => (
          <li key={entry.id} className="rounded-xl bg-surface px-4 py-3">
            <p className="flex flex-wrap justify-between gap-x-3">
              <code className="font-medium break-all">{entry.act}</code>
              <time
                dateTime={entry.at}
                title={formatDate(Date.parse(entry.at), i18n.language)}
                className="text-sm text-soft"
              >
                {formatAgo(Date.parse(entry.at), Date.now(), i18n.language)}
              </time>
            </p>
            <p className="text-sm break-words text-soft">
              {entry.subject_kind !== null && `${entry.subject_kind} ${entry.subject_id ?? ""} `}
              {entry.actor_id !== null && `${t("admin.audit.by", { id: entry.actor_id })} `}
              {entry.detail !== "" && `· ${entry.detail}`}
            </p>
          </li>
        )}
      </Pages>
    </>
  );
}
