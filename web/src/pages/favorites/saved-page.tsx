import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { favoritesQuery } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { OwnPage } from "#base/ui/states/own-page.tsx";
import { Folders } from "#parts/favorites/folders.tsx";
import { VideoList } from "#parts/profile/video-list.tsx";

/** The videos that the viewer has saved. */
export function SavedPage() {
  const { t } = useTranslation();
  useTitle(t("nav.saved"));
  return (
    <OwnPage title={t("nav.saved")} next="/saved" why={t("saved.login")}>
      {(me) => <Saved me={me} />}
    </OwnPage>
  );
}

function Saved({ me }: { me: User }) {
  const [folder, setFolder] = useState<number | null>(null);
  const query = useInfiniteQuery(favoritesQuery(me.id, folder));
  return (
    <>
      <Folders userId={me.id} current={folder} onCurrent={setFolder} />
      <VideoList user={me} query={query} what="favorites" />
    </>
  );
}
