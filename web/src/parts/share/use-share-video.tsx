import { type ReactNode, useState } from "react";
import { ask } from "#base/api/request/client.ts";
import type { Video } from "#base/api/types.ts";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";

const ShareVideo = lazySheet(() => import("./share-video.tsx"), "ShareVideo", "library");

/** The way to share a video, and the sheet it opens. `timeS` is asked for the position when it opens. */
export function useShareVideo(video: Video, timeS: () => number = () => 0): { share: () => void; sheet: ReactNode } {
  const [atS, setAtS] = useState<number | null>(null);
  const share = () => {
    // It counts for the video's owner; a failure is not shown.
    ask("interaction.share", { path: { id: video.id }, body: {} }).catch(() => undefined);
    setAtS(timeS());
  };
  const sheet = atS !== null && <ShareVideo video={video} atS={atS} onClose={() => setAtS(null)} />;
  return { share, sheet };
}
