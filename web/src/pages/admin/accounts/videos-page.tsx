import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { FoundVideo, Video } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { useErrorText, State } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { queueQuery } from "#parts/report/queries.ts";
import { searchVideosQuery } from "#parts/search/queries.ts";
import { latestQuery } from "#pages/explore/queries.ts";
import { AdminFrame } from "../frame/admin-frame.tsx";
import { Pages } from "../frame/pages.tsx";
import { DecideSheet } from "../moderation/decide-sheet.tsx";

type Row = Video | FoundVideo;

/** The latest videos everybody sees, and those that were taken down. */
export function VideosPage() {
  const { t } = useTranslation();
  return (
    <AdminFrame title={t("admin.videos")} forModerators>
      <Removed />
      <Shown />
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
    await invalidate(keyOf("moderation"));
    await invalidate(keyOf("explore"));
  };
  return (
    <section>
      <h2 className="mb-3 text-base font-semibold">{t("admin.videos.removed")}</h2>
      <ul className="flex flex-col gap-2">
        {removed.map((removedVideo) => (
          <li key={removedVideo.id} className="flex items-center gap-3 rounded-xl bg-surface p-4">
            <div className="min-w-0 flex-1">
              <p className="font-medium break-words">{removedVideo.excerpt || `#${removedVideo.thing_id}`}</p>
              {removedVideo.note !== "" && <p className="text-sm break-words text-soft">{removedVideo.note}</p>}
            </div>
            <Button onPress={() => void restore(removedVideo.id)}>{t("admin.videos.back")}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The latest ones, or those that have what was looked for. */
function Shown() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [searchedText, setAsked] = useState("");
  const [chosen, setChosen] = useState<Row | null>(null);
  const latest = useInfiniteQuery({ ...latestQuery, enabled: searchedText === "" });
  const results = useInfiniteQuery({
    ...searchVideosQuery(searchedText, { sort: "new" }),
    staleTime: 0,
    enabled: searchedText !== "",
  });
  const query = searchedText === "" ? latest : results;
  return (
    <section>
      <form
        role="search"
        className="flex items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(typed.trim());
        }}
      >
        <div className="min-w-0 flex-1">
          <Field
            label={t("admin.videos.search")}
            value={typed}
            charactersMax={200}
            // An empty field shows the latest ones again.
            onChange={(words) => {
              setTyped(words);
              if (words.trim() === "") setAsked("");
            }}
          />
        </div>
        <Button type="submit">{t("search.label")}</Button>
      </form>
      <h2 className="mt-5 mb-3 text-base font-semibold">
        {searchedText === "" ? t("admin.videos.latest") : t("admin.videos.found", { words: searchedText })}
      </h2>
      <Pages
        query={query}
        none={
          searchedText === "" ? (
            <State
              isPart
              drawing={<ShelfDrawing />}
              title={t("admin.videos.none")}
              text={t("admin.videos.none.text")}
            />
          ) : (
            <State
              isPart
              drawing={<ShelfDrawing />}
              title={t("admin.videos.notFound")}
              text={t("admin.videos.notFound.text")}
            />
          )
        }
      >
        {(video) => <VideoRow key={video.id} video={video} onTakeDown={() => setChosen(video)} />}
      </Pages>
      {chosen !== null && (
        <DecideSheet
          title={t("admin.videos.down")}
          acts={["remove"]}
          onDecide={async (verdict) => {
            await ask("moderation.decide", { body: { kind: "video", id: chosen.id, ...verdict } });
            await invalidate(keyOf("moderation"), keyOf("search"), keyOf("explore"));
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </section>
  );
}

function VideoRow({ video, onTakeDown }: { video: Row; onTakeDown: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="flex items-center gap-3 rounded-xl bg-surface p-3">
      <Cover video={video} className="aspect-video w-24 shrink-0 rounded-lg sm:w-28" />
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
        <Button look="danger" className="max-sm:hidden" onPress={onTakeDown}>
          {t("admin.videos.down")}
        </Button>
      )}
      <span className="-me-2 sm:hidden">
        <MoreMenu
          label={t("action.more")}
          actions={[!video.is_mine && { id: "down", text: t("admin.videos.down"), isDanger: true, run: onTakeDown }]}
        />
      </span>
    </li>
  );
}
