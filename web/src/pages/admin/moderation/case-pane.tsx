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
  item: ModerationCase;
  /** The rule that was broken. */
  rule: ReactNode;
  /** The decision. */
  children: ReactNode;
}

/** Words are judged by themselves; the video they are on shows only where they stand. */
const isOfWords = ({ kind }: ModerationCase): boolean => kind === "comment" || kind === "danmaku" || kind === "message";

/**
 * A case. First its content, the words or the picture. Then the reason why it is here, its place, its reports, earlier
 * cases of the author, and notes of colleagues.
 */
export function CasePane({ item, rule, children }: CasePaneProps) {
  const { t, i18n } = useTranslation();
  const reason = mainReason(item);
  const why = reason === null ? "" : t(`reason.${reason}`);
  const heldFor =
    item.held_for === ""
      ? ""
      : t(item.is_held ? "cases.heldFor" : "cases.flagged", {
          why: heldForText(item.held_for, textsOf(i18n.language)),
        });
  return (
    <article data-case className="flex min-w-0 flex-col rounded-xl border border-line bg-surface">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-4 sm:px-5">
        <h2 className="min-w-0 flex-1 text-base font-semibold">
          {item.is_held
            ? t("cases.heldTitle", { kind: t(`kind.${item.kind}`) })
            : [t(`kind.${item.kind}`), why].filter((text) => text !== "").join(" · ")}
        </h2>
        <CaseClaim item={item} />
        <CaseLink item={item}>
          {t("cases.look")}
          <ExternalLink size={16} aria-hidden />
        </CaseLink>
      </header>
      <div className="grid gap-x-6 gap-y-5 p-4 sm:p-5 xl:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-3">
          {!isOfWords(item) && <CasePicture item={item} />}
          {isOfWords(item) && <Content item={item} />}
          {heldFor !== "" && <p className="rounded-lg bg-raised px-3 py-2 text-sm">{heldFor}</p>}
          {!isOfWords(item) && <Content item={item} />}
          <CaseParent item={item} />
          {isOfWords(item) && <CasePicture item={item} />}
        </div>
        <div className="flex min-w-0 flex-col gap-4 divide-y divide-line *:not-last:pb-4">
          {item.report_count > 0 && <CaseReports item={item} />}
          <CaseHistory item={item} />
          {rule}
          <CaseNotes id={item.id} />
        </div>
      </div>
      <footer className="sticky bottom-0 rounded-b-xl border-t border-line bg-surface p-4 max-lg:static sm:px-5">
        {children}
      </footer>
    </article>
  );
}

/** The reported words as their author wrote them. */
function Content({ item }: { item: ModerationCase }) {
  const { t, i18n } = useTranslation();
  const text = excerptText(item, textsOf(i18n.language));
  const atMs = Date.parse(item.created_at);
  const name = nameOf(item.author);
  return (
    <blockquote
      className={classNames(
        "flex flex-col gap-2 rounded-xl border-s-4 px-3.5 py-3",
        item.is_held ? "border-warn bg-warn/10" : "border-bad bg-bad/10",
      )}
    >
      <p className="flex items-center gap-2.5 text-sm">
        {item.author !== null && name !== "" && <Avatar user={item.author} />}
        {name !== "" && <bdi className="font-semibold">{name}</bdi>}
        <time dateTime={item.created_at} title={formatDate(atMs, i18n.language)} className="text-soft">
          {t(item.is_held ? "cases.heldSince" : "cases.since", { time: formatAgo(atMs, Date.now(), i18n.language) })}
        </time>
      </p>
      {(item.kind !== "user" || text !== "") && (
        <p className={classNames("text-base break-words whitespace-pre-line", text === "" && "text-soft")}>
          {text || t("cases.private")}
        </p>
      )}
    </blockquote>
  );
}
