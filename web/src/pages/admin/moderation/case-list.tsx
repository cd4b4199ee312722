import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ComponentProps, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { videoQuery } from "#base/api/queries.ts";
import type { ModerationCase } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { excerptText, heldForText } from "#parts/report/server-words.ts";
import { Pages } from "../frame/pages.tsx";
import { caseIcons } from "./case-picture.tsx";
import { mainReason, nameOf } from "./case-text.ts";

interface CaseListProps {
  query: ComponentProps<typeof Pages<ModerationCase>>["query"];
  /** The one that is shown beside the list. */
  shownId: number | null;
}

/** The queue: what was reported or held, why, how often, and for how long it has waited. */
export function CaseList({ query, shownId }: CaseListProps) {
  const { t } = useTranslation();
  return (
    <Pages
      query={query}
      listClass="-mx-2 flex flex-col gap-0.5"
      none={
        <State drawing={<ShelfDrawing />} title={t("cases.none.title")} text={t("cases.none.text")}>
          {null}
        </State>
      }
    >
      {(one) => <CaseRow key={one.id} one={one} isShown={one.id === shownId} />}
    </Pages>
  );
}

const lateMs = 86_400_000;
const manyReports = 3;

function CaseRow({ one, isShown }: { one: ModerationCase; isShown: boolean }) {
  const { t, i18n } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  // The keys go through the list without the mouse.
  useEffect(() => {
    if (isShown) row.current?.scrollIntoView({ block: "nearest" });
  }, [isShown]);
  const waitedMs = Date.now() - Date.parse(one.created_at);
  const reason = mainReason(one);
  const texts = textsOf(i18n.language);
  const why = reason === null ? heldForText(one.held_for, texts) : t(`reason.${reason}`);
  const title = one.kind === "user" ? nameOf(one.author) : excerptText(one, texts) || nameOf(one.author);
  return (
    <li ref={row}>
      <Link
        to="/moderation"
        search={{ show: one.id }}
        replace={isShown}
        resetScroll={false}
        aria-current={isShown || undefined}
        className={classNames(
          "flex min-h-11 items-center gap-3 rounded-xl p-2 hover:bg-raised",
          isShown && "bg-raised",
        )}
      >
        <Thumb one={one} />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-semibold">{title || t(`kind.${one.kind}`)}</span>
          <span className="block truncate text-xs text-soft">
            {[why, t(`kind.${one.kind}`)].filter((text) => text !== "").join(" · ")}
          </span>
          <span className="flex justify-between gap-2 text-xs">
            <span className={classNames(one.report_count >= manyReports ? "font-semibold text-bad" : "text-soft")}>
              {one.state === "decided" && one.action !== null
                ? t(`outcome.${one.action}`)
                : one.report_count > 0 && t("cases.reports", { count: one.report_count })}
            </span>
            {one.state === "open" && nameOf(one.assignee) !== "" && (
              <bdi className="min-w-0 flex-1 truncate text-soft">{nameOf(one.assignee)}</bdi>
            )}
            <span className={one.state === "open" && waitedMs > lateMs ? "font-semibold text-warn" : "text-soft"}>
              {formatAgo(Date.parse(one.created_at), Date.now(), i18n.language)}
            </span>
          </span>
        </span>
      </Link>
    </li>
  );
}

function Thumb({ one }: { one: ModerationCase }) {
  const videoId = one.kind === "video" ? one.thing_id : one.video_id;
  const { data: video } = useQuery({ ...videoQuery(videoId ?? 0), enabled: videoId !== null, retry: false });
  if (video !== undefined) return <Cover video={video} className="size-14 shrink-0" showDuration={false} />;
  if (one.kind === "user" && one.author !== null && one.author.username !== "")
    return <Avatar user={one.author} size="rail" className="m-1" />;
  const Icon = caseIcons[one.kind];
  return (
    <span aria-hidden className="grid size-14 shrink-0 place-items-center rounded-lg bg-raised text-soft">
      <Icon size={22} strokeWidth={1.5} />
    </span>
  );
}
