import { useTranslation } from "react-i18next";
import { useTitle } from "#base/frame/use-title.ts";
import { OwnPage } from "#base/ui/states/own-page.tsx";
import { PlaylistCards } from "#parts/playlists/playlist-cards.tsx";

/** The viewer's own playlists. */
export function PlaylistsPage() {
  const { t } = useTranslation();
  useTitle(t("nav.playlists"));
  return (
    <OwnPage title={t("nav.playlists")} next="/playlists" why={t("playlist.loginFirst")}>
      {(me) => <PlaylistCards user={me} />}
    </OwnPage>
  );
}
