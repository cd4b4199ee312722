import { ask } from "#base/api/request/client.ts";
import type { Operations } from "#base/api/types.ts";
import { isView, type Watched, watchOn } from "./watched.ts";

/** The place where a viewer found the video. */
export type Source = NonNullable<Operations["interaction.play"]["body"]["source"]>;
/** As many ranges as one report takes; what is left comes with the next. */
const rangesMax = 20;

/** Less than this much more is not worth another report. */
const moreS = 1;
/** The position is reported again after this much more was watched, so that another device goes on from there. */
const againS = 15;
/** The last moments before the end, which no `timeupdate` may fall into. */
const endS = 0.5;
/** A feed's video that was left after at least this much, and before it made a view, was skipped. */
const skipS = 0.2;
/** Here the next video is one swipe away: leaving early says something about the video. */
const skippable: ReadonlySet<Source> = new Set<Source>(["feed", "following"]);

/**
 * Follows one viewing of one video and reports to the server how far it came. A report is sent when it makes a view,
 * every so often, at the end, and when the viewer leaves; in a feed also before it made a view. Reports are for
 * counting and recommendations; when one fails, nothing is shown. Returns the way to stop, which must be called while
 * the player still has its video.
 */
export function reportPlay(videoId: number, video: HTMLVideoElement, source: Source): () => void {
  let watched: Watched = { seconds: 0, ranges: [], positionS: video.currentTime, atMs: performance.now() };
  let reportedS: number | null = null;
  let isFinished = false;
  let isSkipReported = false;
  const notify = (keepalive: boolean) => {
    reportedS = watched.seconds;
    // The next report goes on from here; the server knows by now that the video was watched for long enough.
    send(video.currentTime, keepalive);
  };
  const send = (positionS: number, keepalive: boolean) => {
    const position = round(positionS);
    const ranges = watched.ranges.slice(0, rangesMax).map(([from, to]) => [round(from), round(to)]);
    watched = { ...watched, ranges: watched.ranges.slice(rangesMax) };
    const site = source === "embed" ? embeddingSite() : undefined;
    const body = {
      position,
      duration: round(video.duration),
      finished: isFinished,
      ranges,
      source,
      ...(site !== undefined && { site }),
    };
    ask("interaction.play", { path: { id: videoId }, body, keepalive }).catch(() => undefined);
  };
  const look = (isSeek: boolean) => {
    const { currentTime: positionS, playbackRate: rate } = video;
    watched = watchOn(watched, { positionS, atMs: performance.now(), rate, isSeek });
  };
  const onTime = () => {
    look(video.seeking);
    if (!isView(watched.seconds, video.duration)) return;
    const reachesEnd = !isFinished && video.duration > 0 && video.currentTime >= video.duration - endS;
    isFinished ||= reachesEnd;
    if (reportedS === null || reachesEnd || watched.seconds >= reportedS + againS) notify(false);
  };
  const onSeek = () => look(true);
  const onHide = () => leave(true);
  const notifySkip = (keepalive: boolean) => {
    look(video.seeking);
    if (isSkipReported || watched.seconds < skipS) return;
    isSkipReported = true;
    // The server takes a position for watched time: moving ahead in a video makes no view.
    send(Math.min(video.currentTime, watched.seconds), keepalive);
  };
  const leave = (keepalive: boolean) => {
    if (reportedS === null && skippable.has(source)) notifySkip(keepalive);
    if (reportedS !== null && !isFinished && watched.seconds >= reportedS + moreS) notify(keepalive);
  };
  video.addEventListener("timeupdate", onTime);
  video.addEventListener("seeking", onSeek);
  window.addEventListener("pagehide", onHide);
  return () => {
    video.removeEventListener("timeupdate", onTime);
    video.removeEventListener("seeking", onSeek);
    window.removeEventListener("pagehide", onHide);
    leave(false);
  };
}

/** The host of the page that embeds this one; of its address nothing else. */
function embeddingSite(): string | undefined {
  try {
    return new URL(document.referrer).hostname || undefined;
  } catch {
    return undefined;
  }
}

const round = (seconds: number) => (Number.isFinite(seconds) ? Math.round(seconds * 100) / 100 : 0);
