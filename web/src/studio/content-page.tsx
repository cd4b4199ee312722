import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe, userVideosQuery } from "../api/queries.ts";
import type { User, Video } from "../api/types.ts";
import { useTitle } from "../shell/use-title.ts";
import { LinkButton } from "../ui/button.tsx";
import { ShelfDrawing } from "../ui/illustrations.tsx";
import { LoadMore } from "../ui/load-more.tsx";
import { ErrorState, State, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { undoMs } from "../ui/deleting.ts";
import { deleteLater, useHidden } from "./deletion.ts";
import { EditSheet } from "./edit-sheet.tsx";
import { VideoRow } from "./video-row.tsx";

const pollMs = 3000;

/** Whether the server still works on the video. */
const isChanging = ({ status, replacement }: Video) => status === 0 || replacement?.status === "processing";

export function ContentPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("my.title"));
  if (me === null) {
    return (
      <State drawing={<ShelfDrawing />} title={t("my.title")} text={t("my.login.text")}>
        <LinkButton to="/login" search={{ next: "/studio" }}>
          {t("nav.login")}
        </LinkButton>
        <LinkButton look="main" to="/signup" search={{ next: "/studio" }}>
          {t("nav.signup")}
        </LinkButton>
      </State>
    );
  }
  return (
    <div className="mx-auto max-w-5xl px-4 py-4 sm:px-8 sm:py-10">
      <h1 className="mb-5 text-2xl font-semibold">{t("my.title")}</h1>
      {me === undefined ? <ListSkeleton /> : <MyVideos me={me} />}
    </div>
  );
}

function MyVideos({ me }: { me: User }) {
  const { t } = useTranslation();
  const { edit } = useSearch({ from: "/studio" });
  const navigate = useNavigate();
  const text = useErrorText();
  const hidden = useHidden();
  const query = useInfiniteQuery({
    ...userVideosQuery(me.id),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.list.some(isChanging)) === true ? pollMs : false,
  });
  if (query.isPending) return <ListSkeleton />;
  if (query.isError && query.data === undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const all = query.data?.pages.flatMap((page) => page.list) ?? [];
  const videos = all.filter((video) => !hidden.has(video.id));

  const remove = (video: Video) => {
    const undo = deleteLater(video.id, (thrown) => {
      showToast(`${t("my.deleteFailed", { title: video.title })} ${text(thrown)}`, undefined, 8000);
    });
    showToast(t("my.deleted", { title: video.title }), { name: t("action.undo"), run: undo }, undoMs - 200);
  };
  const close = () => void navigate({ to: "/studio", search: {}, replace: true, resetScroll: false });
  return (
    <>
      {videos.length === 0 && !query.hasNextPage ? (
        <State drawing={<ShelfDrawing />} title={t("my.empty.title")} text={t("my.empty.text")}>
          <LinkButton look="main" to="/upload">
            {t("feed.empty.action")}
          </LinkButton>
        </State>
      ) : (
        <div role="table" aria-label={t("my.title")} className="flex flex-col gap-2 md:gap-0">
          <div
            role="row"
            className="hidden grid-cols-(--my-columns) gap-4 border-b border-line px-2 pb-2 text-xs font-medium text-soft md:grid"
          >
            {(["my.video", "my.visibility", "my.date", "my.views", "my.likes", "my.actions"] as const).map((key) => (
              <span
                key={key}
                role="columnheader"
                className={
                  key === "my.views" || key === "my.likes" ? "text-end" : key === "my.actions" ? "sr-only" : ""
                }
              >
                {t(key)}
              </span>
            ))}
          </div>
          {videos.map((video) => (
            <VideoRow key={video.id} video={video} onDelete={() => remove(video)} />
          ))}
        </div>
      )}
      <LoadMore query={query} className="mt-4" />
      {edit !== undefined && <EditSheet key={edit} videoId={edit} onClose={close} />}
    </>
  );
}

function ListSkeleton() {
  return (
    <div className="flex flex-col gap-4" aria-busy>
      {[0, 1, 2, 3].map((place) => (
        <div key={place} className="flex items-center gap-4">
          <div className="skeleton aspect-video w-32 shrink-0" />
          <div className="flex flex-1 flex-col gap-2">
            <div className="skeleton h-4 w-2/3" />
            <div className="skeleton h-3 w-28" />
          </div>
        </div>
      ))}
    </div>
  );
}
