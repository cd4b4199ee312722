import type { InfiniteData } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Video } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { type Hidden, hides } from "./hidden.ts";

type Pages = InfiniteData<{ list: Video[] }>;
/** The lists that the server leaves it out of from now on. */
const lists = ["feed", "explore"];

/** Leaves a video, all of its author, or all with a tag out of the viewer's feeds and lists, here immediately; it can be undone. */
export function useNotInterested(video: Video): (hidden: Hidden) => void {
  const { t } = useTranslation();
  const text = useErrorText();
  return (hidden) => {
    const isHidden = hides(hidden, video);
    const before = lists.flatMap((key) => queryClient.getQueriesData<Pages>({ queryKey: [key] }));
    for (const [key] of before)
      queryClient.setQueryData<Pages>(
        key,
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({ ...page, list: page.list.filter((candidate) => !isHidden(candidate)) })),
          },
      );
    const back = () => {
      for (const [key, data] of before) queryClient.setQueryData(key, data);
    };
    const path = { id: video.id };
    const undo = () => {
      back();
      ask("recommend.unmarkNotInterested", { path, query: hidden }).catch((thrown: unknown) => showToast(text(thrown)));
    };
    const message =
      hidden.scope === "video"
        ? t("feed.hidden.video")
        : hidden.scope === "tag"
          ? t("feed.hidden.tag", { tag: hidden.tag })
          : t("feed.hidden.author", { name: video.user.nickname || video.user.username });
    ask("recommend.markNotInterested", { path, body: hidden }).then(
      () => showToast(message, { name: t("action.undo"), run: undo }),
      (thrown: unknown) => {
        back();
        showToast(text(thrown));
      },
    );
  };
}
