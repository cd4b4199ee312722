import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { historyQuery, useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { WatchedVideo } from "#base/api/types.ts";
import { formatDayHeading, isSameDay } from "#base/format/day-heading.ts";
import { formatAgo } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, IconButton, LinkButton } from "#base/ui/buttons/button.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { ReelDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { ErrorState, State, useErrorText } from "#base/ui/states/states.tsx";
import { VideoRowsSkeleton } from "#base/ui/states/video-rows-skeleton.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";

/** The viewer's history, latest first, with positions; single entries or all can be removed. */
export function HistoryPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("history.title"));
  if (me === null)
    return (
      <State drawing={<ReelDrawing />} title={t("history.title")} text={t("history.login")}>
        <LinkButton look="main" to="/login" search={{ next: "/history" }}>
          {t("nav.login")}
        </LinkButton>
      </State>
    );
  return <Watched />;
}

function Watched() {
  const { t, i18n } = useTranslation();
  const text = useErrorText();
  const [isSure, setSure] = useState(false);
  const query = useInfiniteQuery(historyQuery);
  if (query.isError && query.data === undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const rows = query.data?.pages.flatMap((page) => page.list) ?? [];
  const after = (work: Promise<unknown>) =>
    work.then(
      () => invalidate(keyOf("history")),
      (thrown: unknown) => showToast(text(thrown)),
    );
  const isEmpty = query.isSuccess && rows.length === 0;
  return (
    <div className="mx-auto max-w-6xl px-4 py-4 sm:px-6 sm:py-6">
      <div className="mb-5 flex items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">{t("history.title")}</h1>
        {rows.length > 0 && (
          <Button look="danger" onPress={() => setSure(true)}>
            {t("history.clear")}
          </Button>
        )}
      </div>
      {isEmpty && (
        <State isPart drawing={<ReelDrawing />} title={t("history.empty.title")} text={t("history.empty.text")}>
          <LinkButton look="main" to="/">
            {t("missing.action")}
          </LinkButton>
        </State>
      )}
      {query.isPending && <VideoRowsSkeleton coverClass="w-36 sm:w-44" className="max-w-4xl" />}
      {days(rows).map((day) => (
        <section key={day[0]?.id} className="mb-6 max-w-4xl">
          <h2 className="mb-2.5 font-semibold">
            {formatDayHeading(Date.parse(day[0]?.watched_at ?? ""), Date.now(), i18n.language)}
          </h2>
          <ul className="flex flex-col gap-3">
            {day.map((video) => (
              <Row
                key={video.id}
                video={video}
                onForget={() => void after(ask("interaction.forgetWatched", { path: { id: video.id } }))}
              />
            ))}
          </ul>
        </section>
      ))}
      <LoadMore query={query} className="mt-4" />
      <Sheet title={t("history.clear")} isOpen={isSure} onClose={() => setSure(false)}>
        <p className="mb-4 text-soft">{t("history.clear.text")}</p>
        <Button
          look="danger"
          className="w-full"
          onPress={() => {
            setSure(false);
            void after(ask("interaction.clearHistory", {}));
          }}
        >
          {t("history.clear")}
        </Button>
      </Sheet>
    </div>
  );
}

/** The latest first, by the days they were watched. */
function days(rows: readonly WatchedVideo[]): WatchedVideo[][] {
  const all: WatchedVideo[][] = [];
  for (const row of rows) {
    const day = all.at(-1);
    if (day?.[0] && isSameDay(Date.parse(day[0].watched_at), Date.parse(row.watched_at))) day.push(row);
    else all.push([row]);
  }
  return all;
}

function Row({ video, onForget }: { video: WatchedVideo; onForget: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="flex items-center gap-1 sm:gap-3">
      <Link to="/watch/$id" params={{ id: video.id }} className="group flex min-w-0 flex-1 items-center gap-3 sm:gap-4">
        <span className="relative w-36 shrink-0 overflow-hidden rounded-lg sm:w-44">
          <Cover video={video} className="aspect-video" />
          <span className="absolute inset-x-0 bottom-0 h-1 bg-white/30">
            <span
              className="block h-full bg-accent"
              style={{ width: `${video.is_finished ? 100 : (100 * video.position) / (video.duration || 1)}%` }}
            />
          </span>
        </span>
        <span className="min-w-0">
          <span className="line-clamp-2 font-semibold group-hover:underline">
            <bdi>{video.title}</bdi>
          </span>
          <span className="mt-0.5 block truncate text-xs text-soft">
            <bdi>{video.user.nickname || video.user.username}</bdi>
          </span>
          <span className="block truncate text-xs text-soft">
            {formatAgo(Date.parse(video.watched_at), Date.now(), i18n.language)}
          </span>
        </span>
      </Link>
      <IconButton label={t("history.forget", { title: video.title })} onPress={onForget}>
        <X size={18} aria-hidden />
      </IconButton>
    </li>
  );
}
