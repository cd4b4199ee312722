import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ModerationCase } from "#base/api/types.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { excerptText, heldForText } from "#parts/report/server-words.ts";
import { CaseClaim } from "./case-claim.tsx";
import { CaseParent } from "./case-context.tsx";
import { CaseHistory } from "./case-history.tsx";
import { CaseLink } from "./case-link.tsx";
import { CaseNotes } from "./case-notes.tsx";
import { CasePicture } from "./case-picture.tsx";
import { CaseReports } from "./case-reports.tsx";
import { mainReason, nameOf } from "./case-text.ts";

interface CasePaneProps {
  one: ModerationCase;
  /** The rule that was broken. */
  rule: ReactNode;
  /** The decision. */
  children: ReactNode;
}

/** Words are judged by themselves; the video they are on shows only where they stand. */
const isOfWords = ({ kind }: ModerationCase): boolean => kind === "comment" || kind === "danmaku" || kind === "message";

/**
 * A case: what is judged first, the words or the picture, then why it is here, where it stands, who reported it, what came
 * before, and notes of colleagues.
 */
export function CasePane({ one, rule, children }: CasePaneProps) {
  const { t, i18n } = useTranslation();
  const reason = mainReason(one);
  const why = reason === null ? "" : t(`reason.${reason}`);
  const heldFor =
    one.held_for === ""
      ? ""
      : t(one.is_held ? "cases.heldFor" : "cases.flagged", { why: heldForText(one.held_for, textsOf(i18n.language)) });
  return (
    <article data-case className="flex min-w-0 flex-col rounded-xl border border-line bg-surface">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-4 sm:px-5">
        <h2 className="min-w-0 flex-1 text-base font-semibold">
          {one.is_held
            ? t("cases.heldTitle", { kind: t(`kind.${one.kind}`) })
            : [t(`kind.${one.kind}`), why].filter((text) => text !== "").join(" · ")}
        </h2>
        <CaseClaim one={one} />
        <CaseLink one={one}>
          {t("cases.look")}
          <ExternalLink size={16} aria-hidden />
        </CaseLink>
      </header>
      <div className="grid gap-x-6 gap-y-5 p-4 sm:p-5 xl:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-3">
          {!isOfWords(one) && <CasePicture one={one} />}
          {isOfWords(one) && <Content one={one} />}
          {heldFor !== "" && <p className="rounded-lg bg-raised px-3 py-2 text-sm">{heldFor}</p>}
          {!isOfWords(one) && <Content one={one} />}
          <CaseParent one={one} />
          {isOfWords(one) && <CasePicture one={one} />}
        </div>
        <div className="flex min-w-0 flex-col gap-4 divide-y divide-line *:not-last:pb-4">
          {one.report_count > 0 && <CaseReports one={one} />}
          <CaseHistory one={one} />
          {rule}
          <CaseNotes id={one.id} />
        </div>
      </div>
      <footer className="sticky bottom-0 rounded-b-xl border-t border-line bg-surface p-4 max-lg:static sm:px-5">
        {children}
      </footer>
    </article>
  );
}

/** The reported words as their author wrote them. */
function Content({ one }: { one: ModerationCase }) {
  const { t, i18n } = useTranslation();
  const text = excerptText(one, textsOf(i18n.language));
  const atMs = Date.parse(one.created_at);
  const name = nameOf(one.author);
  return (
    <blockquote
      className={classNames(
        "flex flex-col gap-2 rounded-xl border-s-4 px-3.5 py-3",
        one.is_held ? "border-warn bg-warn/10" : "border-bad bg-bad/10",
      )}
    >
      <p className="flex items-center gap-2.5 text-sm">
        {one.author !== null && name !== "" && <Avatar user={one.author} />}
        {name !== "" && <bdi className="font-semibold">{name}</bdi>}
        <time dateTime={one.created_at} title={formatDate(atMs, i18n.language)} className="text-soft">
          {t(one.is_held ? "cases.heldSince" : "cases.since", { time: formatAgo(atMs, Date.now(), i18n.language) })}
        </time>
      </p>
      {(one.kind !== "user" || text !== "") && (
        <p className={classNames("text-base break-words whitespace-pre-line", text === "" && "text-soft")}>
          {text || t("cases.private")}
        </p>
      )}
    </blockquote>
  );
}
