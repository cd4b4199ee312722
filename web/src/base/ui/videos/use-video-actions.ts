import { useTranslation } from "react-i18next";
import { foldersChanged } from "#base/api/folder-queries.ts";
import { logInFor } from "#base/api/log-in-request.ts";
import { patchVideo, useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Video } from "#base/api/types.ts";
import { copyText } from "../sheets/copy-text.ts";
import { useErrorText } from "../states/states.tsx";
import { showToast } from "../toasts/toasts.tsx";

/** Likes or unlikes immediately and corrects it when the server disagrees. A visitor is offered to log in instead. */
export function useLike(video: Video): (wanted?: boolean) => void {
  const { t } = useTranslation();
  const me = useMe();
  const text = useErrorText();
  const like = async (wanted: boolean) => {
    if (me === null && !(await logInFor(t("feed.likeFirst")))) return;
    if (wanted === video.is_liked) return;
    const before = { is_liked: video.is_liked, like_count: video.like_count };
    patchVideo(video.id, { is_liked: wanted, like_count: Math.max(0, video.like_count + (wanted ? 1 : -1)) });
    const path = { id: video.id };
    (wanted ? ask("interaction.like", { path, body: {} }) : ask("interaction.unlike", { path })).then(
      ({ liked, like_count }) => patchVideo(video.id, { is_liked: liked, like_count }),
      (thrown: unknown) => {
        patchVideo(video.id, before);
        showToast(text(thrown));
      },
    );
  };
  return (wanted = !video.is_liked) => void like(wanted);
}

/** Adds a video to the favourites or removes it, immediately, and corrects it when the server disagrees. */
export function useFavorite(video: Video): () => void {
  const { t } = useTranslation();
  const me = useMe();
  const text = useErrorText();
  const toggle = async () => {
    if (me === null && !(await logInFor(t("favorite.loginFirst")))) return;
    const { is_favorited: was, favorite_count: count } = video;
    patchVideo(video.id, { is_favorited: !was, favorite_count: Math.max(0, count + (was ? -1 : 1)) });
    const path = { id: video.id };
    (was ? ask("interaction.unfavorite", { path }) : ask("interaction.favorite", { path, body: {} })).then(
      ({ favorited, favorite_count }) => {
        patchVideo(video.id, { is_favorited: favorited, favorite_count });
        // A chooser of folders may be open already, and have asked before this was stored.
        void foldersChanged();
      },
      (thrown: unknown) => {
        patchVideo(video.id, { is_favorited: was, favorite_count: count });
        showToast(text(thrown));
      },
    );
  };
  return () => void toggle();
}

const linkOf = (video: Pick<Video, "id">): string => new URL(`/watch/${video.id}`, window.location.href).href;

export function useCopyLink(video: Pick<Video, "id">): () => void {
  const { t } = useTranslation();
  return () => {
    copyText(linkOf(video)).then(
      () => showToast(t("action.copied")),
      () => showToast(linkOf(video), undefined, 12_000),
    );
  };
}
