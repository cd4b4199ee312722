import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { useSettled } from "#base/ui/fields/use-settled.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { Pages } from "../frame/pages.tsx";
import { accountIdQuery, type Area, areas, auditQuery, type Span, spans } from "./audit-query.ts";
import { AuditRow } from "./audit-row.tsx";

/** The audit trail, latest first. */
export function AuditPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.audit")}>
      <Trail />
    </AdminFrame>
  );
}

function Trail() {
  const { t } = useTranslation();
  const [area, setArea] = useState<Area | "all">("all");
  const [span, setSpan] = useState<Span | "any">("any");
  const [actor, setActor] = useState("");
  const [subject, setSubject] = useState("");
  const [by, about] = [useAccount(actor), useAccount(subject)];
  const query = useInfiniteQuery({
    ...auditQuery({
      area: area === "all" ? null : area,
      span: span === "any" ? null : span,
      actorId: by.id,
      subjectId: about.id,
    }),
    enabled: by.isReady && about.isReady,
  });
  const isFiltered = area !== "all" || span !== "any" || actor !== "" || subject !== "";
  const clear = () => {
    setArea("all");
    setSpan("any");
    setActor("");
    setSubject("");
  };
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-3 lg:grid-cols-4">
        <Select
          label={t("audit.area")}
          value={area}
          onChange={setArea}
          options={[
            { value: "all" as const, name: t("audit.all") },
            ...areas.map((value) => ({ value, name: t(`audit.area.${value}`) })),
          ]}
        />
        <Select
          label={t("audit.time")}
          value={span}
          onChange={setSpan}
          options={[
            { value: "any" as const, name: t("audit.time.any") },
            ...(Object.keys(spans) as Span[]).map((value) => ({ value, name: t(`audit.time.${value}`) })), // Its own keys.
          ]}
        />
        <AccountField label={t("audit.actor")} value={actor} onChange={setActor} isUnknown={by.isUnknown} />
        <AccountField label={t("audit.subject")} value={subject} onChange={setSubject} isUnknown={about.isUnknown} />
      </div>
      {/* Rows of other filters are not the answer to a name that no account has. */}
      {!by.isUnknown && !about.isUnknown && (
        <Pages
          query={query}
          listClass="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
          none={
            <State
              isPart
              drawing={<ShelfDrawing />}
              title={t("audit.none")}
              text={isFiltered ? "" : t("audit.none.text")}
            >
              {isFiltered && <Button onPress={clear}>{t("audit.clear")}</Button>}
            </State>
          }
        >
          {(entry) => <AuditRow key={entry.id} entry={entry} />}
        </Pages>
      )}
    </>
  );
}

interface AccountFieldProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  isUnknown: boolean;
}

function AccountField({ label, value, onChange, isUnknown }: AccountFieldProps) {
  const { t } = useTranslation();
  return (
    <Field
      label={label}
      placeholder={t("audit.account")}
      autoComplete="off"
      spellCheck="false"
      value={value}
      onChange={onChange}
      maxLength={50}
      problem={isUnknown ? t("audit.nobody") : null}
    />
  );
}

/** The account that was typed, by its name or, as for a deleted one, by its number. */
function useAccount(text: string): { id: number | null; isReady: boolean; isUnknown: boolean } {
  const settled = useSettled(text.trim().replace(/^@/, ""));
  const isNumber = /^\d{1,15}$/.test(settled);
  const isName = settled !== "" && !isNumber;
  const { data } = useQuery({ ...accountIdQuery(settled), enabled: isName });
  return {
    id: isNumber ? Number(settled) : isName ? (data ?? null) : null,
    isReady: !isName || typeof data === "number",
    isUnknown: isName && data === null,
  };
}
