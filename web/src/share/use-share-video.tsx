import { lazy, type ReactNode, Suspense, useState } from "react";
import { ask } from "../api/client.ts";
import type { Video } from "../api/types.ts";
import { loadTexts } from "../i18n/i18n.ts";

const ShareVideo = lazy(async () => {
  const [{ ShareVideo: Sheet }] = await Promise.all([import("./share-video.tsx"), loadTexts("library")]);
  return { default: Sheet };
});

/** The way to share a video, and the sheet it opens. `timeS` is asked for the position when it opens. */
export function useShareVideo(video: Video, timeS: () => number = () => 0): { share: () => void; sheet: ReactNode } {
  const [atS, setAtS] = useState<number | null>(null);
  const share = () => {
    // It counts for the video's owner; a failure is not shown.
    ask("interaction.share", { path: { id: video.id }, body: {} }).catch(() => undefined);
    setAtS(timeS());
  };
  const sheet = atS !== null && (
    <Suspense>
      <ShareVideo video={video} atS={atS} onClose={() => setAtS(null)} />
    </Suspense>
  );
  return { share, sheet };
}
