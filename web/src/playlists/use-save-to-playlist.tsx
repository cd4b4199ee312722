import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/queries.ts";
import type { Video } from "../api/types.ts";
import { lazySheet } from "../ui/lazy-part.tsx";
import { useOfferLogin } from "../ui/use-offer-login.ts";

const SaveToPlaylist = lazySheet(() => import("./save-to-playlist.tsx"), "SaveToPlaylist");

/** The way to put a video into one's own playlists, and the sheet it opens; strangers are offered to sign in first. */
export function useSaveToPlaylist(video: Video): { save: () => void; sheet: ReactNode } {
  const { t } = useTranslation();
  const me = useMe();
  const offerLogin = useOfferLogin(`/watch/${video.id}`);
  const [isOpen, setOpen] = useState(false);
  const save = () => {
    if (me === null) offerLogin(t("playlist.loginFirst"));
    else setOpen(true);
  };
  const sheet = isOpen && <SaveToPlaylist video={video} onClose={() => setOpen(false)} />;
  return { save, sheet };
}
