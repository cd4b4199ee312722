import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";

const SaveToPlaylist = lazySheet(() => import("./save-to-playlist.tsx"), "SaveToPlaylist");

/** The way to put a video into one's own playlists, and the sheet it opens; visitors log in first. */
export function useSaveToPlaylist(video: Video): { save: () => void; sheet: ReactNode } {
  const { t } = useTranslation();
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  const save = async () => {
    if (me !== null || (await logInFor(t("playlist.loginFirst")))) setOpen(true);
  };
  const sheet = isOpen && <SaveToPlaylist video={video} onClose={() => setOpen(false)} />;
  return { save: () => void save(), sheet };
}
