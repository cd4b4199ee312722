import { Link } from "@tanstack/react-router";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModerationCase } from "../api/generated.ts";
import { formatAgo, formatDate } from "../format/format.ts";
import { textsOf } from "../i18n/i18n.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { LoadFailed, LoadMore } from "../ui/load-more.tsx";
import { caseReportsQuery } from "./paged.ts";
import { excerptText, heldForText } from "./server-words.ts";

interface CaseCardProps {
  one: ModerationCase;
  isCurrent: boolean;
  onFocus: () => void;
  onAct: (action: "dismiss" | "remove") => void;
  onMore: () => void;
  onUndo: () => void;
}

/** One thing that was reported or held: what it is, of whom, why, and what can be done. */
export function CaseCard({ one, isCurrent, onFocus, onAct, onMore, onUndo }: CaseCardProps) {
  const { t, i18n } = useTranslation();
  const texts = textsOf(i18n.language);
  const [isOpen, setOpen] = useState(false);
  const name = one.author === null ? null : one.author.nickname || one.author.username;
  const until =
    one.until === null ? "" : ` ${t("outcome.until", { date: formatDate(Date.parse(one.until), i18n.language) })}`;
  return (
    <li
      data-case
      tabIndex={-1}
      onFocus={onFocus}
      className={classNames(
        "flex flex-col gap-2 rounded-xl border bg-surface p-4 outline-none",
        isCurrent ? "border-accent-strong" : "border-transparent",
      )}
    >
      <p className="flex flex-wrap gap-x-2 text-sm text-soft">
        <span className="font-semibold text-ink">{t(`kind.${one.kind}`)}</span>
        {name !== null && <span>{name}</span>}
        <span>{formatAgo(Date.parse(one.created_at), Date.now(), i18n.language)}</span>
        {one.report_count > 0 && <span>{t("cases.reports", { count: one.report_count })}</span>}
      </p>
      {(one.kind !== "user" || one.excerpt !== "") && (
        <p className={classNames("text-base break-words whitespace-pre-line", one.excerpt === "" && "text-soft")}>
          {excerptText(one, texts) || t("cases.private")}
        </p>
      )}
      <p className="flex flex-wrap gap-2 text-sm">
        {one.reasons.map(({ reason, count }) => (
          <span key={reason} className="rounded-full bg-raised px-2.5 py-0.5">
            {t(`reason.${reason}`)}
            {count > 1 && ` × ${count}`}
          </span>
        ))}
        {one.held_for !== "" && (
          <span className="rounded-full bg-raised px-2.5 py-0.5">
            {t(one.is_held ? "cases.heldFor" : "cases.flagged", { why: heldForText(one.held_for, texts) })}
          </span>
        )}
      </p>
      {one.report_count > 0 && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary className="inline-flex min-h-11 cursor-pointer items-center text-sm text-soft">
            {t("cases.said")}
          </summary>
          {isOpen && <Said id={one.id} />}
        </details>
      )}
      <div className="flex flex-wrap gap-2">
        <Look one={one} />
        {one.state === "open" ? (
          <>
            <Button onPress={() => onAct("dismiss")}>{t(one.is_held ? "cases.approve" : "act.dismiss")}</Button>
            {one.kind !== "user" && (
              <Button look="danger" onPress={() => onAct("remove")}>
                {t("act.remove")}
              </Button>
            )}
            <Button onPress={onMore}>{t("cases.more")}</Button>
          </>
        ) : (
          <>
            <span className="inline-flex min-h-11 items-center text-sm">
              {one.action !== null && t(`outcome.${one.action}`)}
              {until}
              {one.note !== "" && ` · ${one.note}`}
            </span>
            {!one.is_final && <Button onPress={onUndo}>{t("cases.undo")}</Button>}
          </>
        )}
      </div>
    </li>
  );
}

function Look({ one }: { one: ModerationCase }) {
  const { t } = useTranslation();
  const videoId = one.kind === "video" ? one.thing_id : one.video_id;
  if (videoId !== null)
    return (
      <Link to="/watch/$id" params={{ id: videoId }} target="_blank" data-look className={buttonClass()}>
        {t("cases.look")}
      </Link>
    );
  if (one.kind === "playlist")
    return (
      <Link to="/playlist/$id" params={{ id: one.thing_id }} target="_blank" data-look className={buttonClass()}>
        {t("cases.look")}
      </Link>
    );
  if (one.author === null || one.author.username === "") return null;
  return (
    <Link
      to="/@{$username}"
      params={{ username: one.author.username }}
      target="_blank"
      data-look
      className={buttonClass()}
    >
      {t("cases.look")}
    </Link>
  );
}

function Said({ id }: { id: number }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(caseReportsQuery(id));
  if (query.isPending) return <div aria-busy className="skeleton h-11 rounded-lg" />;
  if (query.data === undefined) return <LoadFailed query={query} />;
  return (
    <>
      <ul className="flex flex-col gap-1 text-sm">
        {query.data.pages.flatMap(({ list }) =>
          list.map((report) => (
            <li key={report.id} className="break-words">
              <span className="text-soft">{t(`reason.${report.reason}`)}</span> {report.text}
            </li>
          )),
        )}
      </ul>
      <LoadMore query={query} className="mt-2" />
    </>
  );
}
