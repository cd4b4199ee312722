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
      {(item) => <CaseRow key={item.id} item={item} isShown={item.id === shownId} />}
    </Pages>
  );
}

const lateMs = 86_400_000;
const manyReports = 3;

function CaseRow({ item, isShown }: { item: ModerationCase; isShown: boolean }) {
  const { t, i18n } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  // The keys go through the list without the mouse.
  useEffect(() => {
    if (isShown) row.current?.scrollIntoView({ block: "nearest" });
  }, [isShown]);
  const waitedMs = Date.now() - Date.parse(item.created_at);
  const reason = mainReason(item);
  const texts = textsOf(i18n.language);
  const why = reason === null ? heldForText(item.held_for, texts) : t(`reason.${reason}`);
  const title = item.kind === "user" ? nameOf(item.author) : excerptText(item, texts) || nameOf(item.author);
  return (
    <li ref={row}>
      <Link
        to="/moderation"
        search={{ show: item.id }}
        replace={isShown}
        resetScroll={false}
        aria-current={isShown || undefined}
        className={classNames(
          "flex min-h-11 items-center gap-3 rounded-xl p-2 hover:bg-raised",
          isShown && "bg-raised",
        )}
      >
        <Thumb item={item} />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-semibold">{title || t(`kind.${item.kind}`)}</span>
          <span className="block truncate text-xs text-soft">
            {[why, t(`kind.${item.kind}`)].filter((text) => text !== "").join(" · ")}
          </span>
          <span className="flex justify-between gap-2 text-xs">
            <span className={classNames(item.report_count >= manyReports ? "font-semibold text-bad" : "text-soft")}>
              {item.state === "decided" && item.action !== null
                ? t(`outcome.${item.action}`)
                : item.report_count > 0 && t("cases.reports", { count: item.report_count })}
            </span>
            {item.state === "open" && nameOf(item.assignee) !== "" && (
              <bdi className="min-w-0 flex-1 truncate text-soft">{nameOf(item.assignee)}</bdi>
            )}
            <span className={item.state === "open" && waitedMs > lateMs ? "font-semibold text-warn" : "text-soft"}>
              {formatAgo(Date.parse(item.created_at), Date.now(), i18n.language)}
            </span>
          </span>
        </span>
      </Link>
    </li>
  );
}

function Thumb({ item }: { item: ModerationCase }) {
  const videoId = item.kind === "video" ? item.thing_id : item.video_id;
  const { data: video } = useQuery({ ...videoQuery(videoId ?? 0), enabled: videoId !== null, retry: false });
  if (video !== undefined) return <Cover video={video} className="size-14 shrink-0" showDuration={false} />;
  if (item.kind === "user" && item.author !== null && item.author.username !== "")
    return <Avatar user={item.author} size="rail" className="m-1" />;
  const Icon = caseIcons[item.kind];
  return (
    <span aria-hidden className="grid size-14 shrink-0 place-items-center rounded-lg bg-raised text-soft">
      <Icon size={22} strokeWidth={1.5} />
    </span>
  );
}
