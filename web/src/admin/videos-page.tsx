import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { feedQuery, queryClient } from "../api/queries.ts";
import type { FeedVideo } from "../api/types.ts";
import { formatAgo } from "../format/format.ts";
import { DecideSheet } from "../moderation/decide-sheet.tsx";
import { queueQuery } from "../moderation/paged.ts";
import { Pages } from "../moderation/pages.tsx";
import { Button } from "../ui/button.tsx";
import { Cover } from "../ui/cover.tsx";
import { ErrorState, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { AdminFrame } from "./admin-frame.tsx";

/** The latest videos everybody sees, and those that were taken down. */
export function VideosPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.videos")} forModerators>
      <Removed />
      <Latest />
    </AdminFrame>
  );
}

const removedQuery = queueQuery({ state: "decided", kind: "video", sort: "latest" });

function Removed() {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const query = useInfiniteQuery(removedQuery);
  const removed = query.data?.pages.flatMap(({ list }) => list).filter(({ action }) => action === "remove") ?? [];
  if (removed.length === 0) return null;
  const restore = async (id: number) => {
    try {
      await ask("moderation.undo", { path: { id }, body: {} });
    } catch (thrown) {
      showToast(textOf(thrown));
    }
    await queryClient.invalidateQueries({ queryKey: ["moderation"] });
    await queryClient.invalidateQueries({ queryKey: feedQuery.queryKey });
  };
  return (
    <section>
      <h2 className="mb-3 text-base font-semibold">{t("admin.videos.removed")}</h2>
      <ul className="flex flex-col gap-2">
        {removed.map((one) => (
          <li key={one.id} className="flex items-center gap-3 rounded-xl bg-surface p-4">
            <div className="min-w-0 flex-1">
              <p className="font-medium break-words">{one.excerpt || `#${one.thing_id}`}</p>
              {one.note !== "" && <p className="text-sm break-words text-soft">{one.note}</p>}
            </div>
            <Button onPress={() => void restore(one.id)}>{t("admin.videos.back")}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Latest() {
  const { t, i18n } = useTranslation();
  const [chosen, setChosen] = useState<FeedVideo | null>(null);
  const query = useInfiniteQuery({ ...feedQuery, staleTime: 0 });
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <section>
      <h2 className="mb-3 text-base font-semibold">{t("admin.videos.latest")}</h2>
      <Pages query={query} none={t("admin.videos.none")}>
        {(video) => (
          <li key={video.id} className="flex flex-wrap items-center gap-3 rounded-xl bg-surface p-3">
            <Cover video={video} className="aspect-video w-28 shrink-0 rounded-lg" />
            <div className="min-w-0 flex-1">
              <Link to="/watch/$id" params={{ id: video.id }} className="block font-medium break-words hover:underline">
                {video.title}
              </Link>
              <p className="text-sm text-soft">
                {video.user.nickname || video.user.username} ·{" "}
                {formatAgo(Date.parse(video.created_at), Date.now(), i18n.language)}
              </p>
            </div>
            {!video.is_mine && (
              <Button look="danger" className="max-sm:w-full" onPress={() => setChosen(video)}>
                {t("admin.videos.down")}
              </Button>
            )}
          </li>
        )}
      </Pages>
      {chosen !== null && (
        <DecideSheet
          title={t("admin.videos.down")}
          acts={["remove"]}
          onDecide={async (verdict) => {
            await ask("moderation.decide", { body: { kind: "video", id: chosen.id, ...verdict } });
            await queryClient.invalidateQueries({ queryKey: ["moderation"] });
            await queryClient.invalidateQueries({ queryKey: feedQuery.queryKey });
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </section>
  );
}
