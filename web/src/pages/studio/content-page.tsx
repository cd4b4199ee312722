import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { User, Video } from "#base/api/types.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { undoMs } from "#base/ui/sheets/deleting.ts";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State, useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { mediaHook } from "#base/ui/use-media.ts";
import { WeekViews } from "./analytics/week-views.tsx";
import type { ContentFilter } from "./content-filter.ts";
import { deleteLater, useHidden } from "./deletion.ts";
import { EditSheet } from "./edit/edit-sheet.tsx";
import { FilterLine } from "./filter-line.tsx";
import { ownVideosQuery } from "./own-videos.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { type Selection, useSelection } from "./selection.tsx";
import { StudioFrame } from "./studio-frame.tsx";
import { rowColumns, VideoRow } from "./video-row.tsx";

const pollMs = 3000;

/** The list has columns from this width on. */
const useHasTable = mediaHook("(min-width: 1024px)");

/** True if the server still works on the video. */
const isChanging = ({ status, replacement }: Video) => status === 0 || replacement?.status === "processing";

export const ContentPage = () => <StudioFrame tab="content">{(me) => <MyVideos me={me} />}</StudioFrame>;

function MyVideos({ me }: { me: User }) {
  const { edit, ...filter } = useSearch({ from: "/studio" });
  const navigate = useNavigate({ from: "/studio" });
  const hidden = useHidden();
  const selection = useSelection();
  const query = useInfiniteQuery({
    ...ownVideosQuery(me.id, filter),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.list.some(isChanging)) === true ? pollMs : false,
  });
  const isPolling = query.data?.pages.some((page) => page.list.some(isChanging)) === true;
  const needing = useInfiniteQuery({
    ...ownVideosQuery(me.id, { state: "needs_action" }),
    refetchInterval: isPolling ? pollMs : false,
  });
  const needingCount = needing.data?.pages.flatMap((page) => page.list).filter(({ id }) => !hidden.has(id)).length ?? 0;
  const hasTable = useHasTable();
  const videos = (query.data?.pages.flatMap((page) => page.list) ?? []).filter((video) => !hidden.has(video.id));
  const close = () => void navigate({ search: ({ edit: _, ...before }) => before, replace: true, resetScroll: false });
  const change = (by: ContentFilter) =>
    void navigate({ search: (before) => ({ ...before, ...by }), replace: true, resetScroll: false });
  return (
    <>
      {!hasTable && (videos.length > 0 || query.isPending) && <WeekViews />}
      {selection.isSelecting ? (
        <SelectionBar me={me} selection={selection} all={videos.map(({ id }) => id)} />
      ) : (
        <FilterLine {...{ filter, needingCount }} onChange={change} onSelect={selection.begin} />
      )}
      {query.isPending ? (
        <ListSkeleton />
      ) : query.isError && query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : videos.length === 0 && !query.hasNextPage ? (
        <Nothing isFiltered={Object.values(filter).some((value) => value !== undefined)} />
      ) : (
        <Table videos={videos} selection={selection} />
      )}
      <LoadMore query={query} className="mt-4" />
      {edit !== undefined && <EditSheet key={edit} videoId={edit} onClose={close} />}
    </>
  );
}

const heads = ["my.video", "my.visibility", "my.date", "my.views", "my.likes", "my.comments"] as const;
const numbers: readonly string[] = ["my.views", "my.likes", "my.comments"];

function Table({ videos, selection }: { videos: readonly Video[]; selection: Selection }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const remove = (video: Video) => {
    const undo = deleteLater(video.id, (thrown) => {
      showToast(`${t("my.deleteFailed", { title: video.title })} ${text(thrown)}`, undefined, 8000);
    });
    showToast(t("my.deleted", { title: video.title }), { name: t("action.undo"), run: undo }, undoMs - 200);
  };
  return (
    <div
      role="table"
      aria-label={t("studio.tab.content")}
      className="mt-3 lg:overflow-hidden lg:rounded-xl lg:border lg:border-line lg:bg-surface"
    >
      <div role="row" className={`hidden min-h-10 lg:grid ${rowColumns} text-xs font-medium text-soft`}>
        <span role="columnheader">
          <span className="sr-only">{t("studio.select")}</span>
        </span>
        {heads.map((key) => (
          <span
            key={key}
            role="columnheader"
            className={numbers.includes(key) ? "text-end" : key === "my.video" ? "col-span-2" : ""}
          >
            {t(key)}
          </span>
        ))}
        <span role="columnheader">
          <span className="sr-only">{t("my.actions")}</span>
        </span>
      </div>
      {videos.map((video) => (
        <VideoRow key={video.id} video={video} selection={selection} onDelete={() => remove(video)} />
      ))}
    </div>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation();
  if (isFiltered)
    return (
      <State drawing={<ShelfDrawing />} title={t("studio.none.title")} text={t("studio.none.text")}>
        <LinkButton to="/studio" search={{}}>
          {t("studio.none.all")}
        </LinkButton>
      </State>
    );
  return (
    <State drawing={<ShelfDrawing />} title={t("my.empty.title")} text={t("my.empty.text")}>
      <LinkButton look="main" to="/upload">
        {t("feed.empty.action")}
      </LinkButton>
    </State>
  );
}

function ListSkeleton() {
  return (
    <div className="mt-3 flex flex-col gap-4" aria-busy>
      {[0, 1, 2, 3].map((place) => (
        <div key={place} className="flex items-center gap-4">
          <Skeleton className="aspect-video w-28 shrink-0" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-4 w-2/3" />
            <Skeleton className="h-3 w-28" />
          </div>
        </div>
      ))}
    </div>
  );
}
