import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ExternalLink, Play } from "lucide-react";
import { type CSSProperties, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { videoQuery } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { formatLength } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { Player } from "#parts/player/player.tsx";
import { type Command, commandOf, obey, report } from "./messages.ts";
import { type EmbedOptions, embedOptions } from "./options.ts";

/** The player alone, for frames on other sites. Until it is asked to play it is a picture, which costs its site little. */
export function EmbedPage() {
  const { t } = useTranslation();
  const text = useErrorText();
  const { id } = useParams({ from: "/embed/$id" });
  const [options] = useState(() => embedOptions(window.location.search));
  const video = useQuery({ ...videoQuery(id), enabled: id > 0 });
  useTitle(video.data?.title);
  const refusal = video.isError ? text(video.error) : t("watch.missing.title");
  const isLost = video.data === undefined && !(video.isPending && id > 0);
  useEffect(() => {
    if (isLost) send({ kinora: "error", message: refusal });
  }, [isLost, refusal]);
  if (video.data === undefined)
    return (
      <p role="status" className="grid h-dvh place-items-center bg-black p-4 text-center text-white">
        {isLost ? refusal : t("embed.loading")}
      </p>
    );
  return <Embedded video={video.data} options={options} />;
}

const send = (message: object): void => window.parent.postMessage(message, "*");

function Embedded({ video, options }: { video: Video; options: EmbedOptions }) {
  const [isOpen, setOpen] = useState(options.isAutoplay);
  const page = `/watch/${video.id}`;
  const element = useElement(() => setOpen(true));
  const { id, title, duration } = video;
  useEffect(() => send({ kinora: "ready", id, title, duration }), [id, title, duration]);
  const seek = useRef<((seconds: number) => void) | null>(null);
  const time = useRef(0);
  return (
    <main className="embed relative h-dvh overflow-hidden bg-black" data-theme="dark" style={accentOf(options)}>
      {isOpen ? (
        <Player
          video={video}
          source="embed"
          ratio={video.width / video.height || 16 / 9}
          {...(options.startS !== undefined && { startS: options.startS })}
          onElement={element}
          onLike={() => window.open(page, "_blank", "noopener")}
          onHelp={() => undefined}
          seek={seek}
          time={time}
          onChapter={() => undefined}
        />
      ) : (
        <Poster video={video} onPlay={() => setOpen(true)} />
      )}
      {options.hasBranding && (
        <a
          href={page}
          target="_blank"
          rel="noopener"
          className="text-shadow-video absolute top-2 end-3 flex min-h-11 max-w-[70%] items-center gap-1.5 text-sm font-semibold text-white hover:underline"
        >
          <span className="truncate">
            <bdi>{video.title}</bdi>
          </span>
          <ExternalLink size={14} aria-hidden className="shrink-0 rtl:-scale-x-100" />
        </a>
      )}
    </main>
  );
}

/**
 * Reports the player to the page around, and obeys it. A command before there is a player opens it, and is done as soon
 * as it is there.
 */
function useElement(open: () => void): (player: HTMLVideoElement | null) => void {
  const player = useRef<HTMLVideoElement | null>(null);
  const early = useRef<Command[]>([]);
  const [attach] = useState(() => {
    let stop: (() => void) | undefined;
    return (next: HTMLVideoElement | null) => {
      stop?.();
      stop = undefined;
      player.current = next;
      if (next === null) return;
      stop = report(next, send);
      for (const command of early.current.splice(0)) obey(command, next);
    };
  });
  const opened = useRef(open);
  opened.current = open;
  useEffect(() => {
    const listen = ({ source, data }: MessageEvent) => {
      const command = source === window.parent ? commandOf(data) : undefined;
      if (command === undefined) return;
      if (player.current !== null) return obey(command, player.current);
      early.current.push(command);
      if (command.kinora === "play") opened.current();
    };
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  }, []);
  return attach;
}

/** The cover, the length and the way in. */
function Poster({ video, onPlay }: { video: Video; onPlay: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <button type="button" aria-label={t("player.play")} onClick={onPlay} className="group absolute inset-0 size-full">
        {video.cover_url !== "" && <img src={video.cover_url} alt="" className="size-full object-contain" />}
        <span className="absolute inset-0 m-auto grid size-18 place-items-center rounded-full bg-accent text-on-accent group-hover:scale-105 motion-safe:transition-transform">
          <Play size={32} fill="currentColor" aria-hidden className="translate-x-0.5" />
        </span>
      </button>
      {video.duration > 0 && (
        <span className="tabular pointer-events-none absolute end-3 bottom-3 rounded bg-black/75 px-1.5 py-0.5 text-sm font-medium text-white">
          {formatLength(video.duration)}
        </span>
      )}
    </>
  );
}

/** The colour as light as the player's dark surfaces need (WCAG 2.2 §1.4.11), with dark text on it. */
function accentOf({ color }: EmbedOptions): CSSProperties {
  if (color === undefined) return {};
  return {
    "--site-accent-dark": `oklch(from ${color} clamp(0.65, l, 0.92) c h)`,
    "--site-ink-dark": "#1b0a07",
  };
}
