import { ask } from "../api/client.ts";

/** How long somebody must have watched before it is told: less is passing by. */
const watchedMinS = 2;

/**
 * Follows one viewing of one video and tells the server: once when it counts as a view, and once at its end with how
 * far it came. What is told is for counting and taste; when it cannot be told, nothing is said about it.
 */
export function reportPlay(videoId: number, video: HTMLVideoElement): () => void {
  let isTold = false;
  let isFinished = false;
  let furthestS = 0;
  const tell = (finished: boolean) => {
    const body = { position: round(video.currentTime), duration: round(video.duration), finished };
    ask("interaction.play", { path: { id: videoId }, body, keepalive: true }).catch(() => undefined);
  };
  const onTime = () => {
    furthestS = Math.max(furthestS, video.currentTime);
    const nearEnd = video.duration > 0 && video.currentTime >= video.duration - 0.5;
    if (!isTold && (video.currentTime >= watchedMinS || nearEnd)) {
      isTold = true;
      tell(nearEnd);
      isFinished = nearEnd;
    } else if (isTold && !isFinished && nearEnd) {
      isFinished = true;
      tell(true);
    }
  };
  video.addEventListener("timeupdate", onTime);
  return () => {
    video.removeEventListener("timeupdate", onTime);
    if (isTold && !isFinished && furthestS > watchedMinS + 1) tell(false);
  };
}

const round = (seconds: number) => (Number.isFinite(seconds) ? Math.round(seconds * 100) / 100 : 0);
