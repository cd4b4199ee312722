import { Film } from "lucide-react";
import { useRef, useState } from "react";
import type { Video } from "#base/api/types.ts";
import { formatLength } from "#base/format/format.ts";
import { thumbUrl } from "./thumb.ts";
import { usePreview } from "./use-preview.ts";

interface CoverProps {
  video: Pick<Video, "id" | "cover_url" | "duration" | "thumb" | "preview_url">;
  className?: string;
  showDuration?: boolean;
}

/** A video's picture in the shape of its box, with its length; a quiet placeholder where there is none yet. */
export function Cover({ video, className = "", showDuration = true }: CoverProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const url = video.cover_url === "" || video.cover_url === broken ? null : video.cover_url;
  const box = useRef<HTMLSpanElement>(null);
  const isMoving = usePreview(box, video.preview_url !== null);
  const thumb = url === null ? null : thumbUrl(video.thumb);
  return (
    <span
      ref={box}
      className={`relative block overflow-hidden rounded-lg bg-raised bg-cover bg-center ${className}`}
      {...(thumb !== null && { style: { backgroundImage: `url("${thumb}")` } })}
    >
      {url === null || url === "" ? (
        <span className="absolute inset-0 grid place-items-center text-soft">
          <Film aria-hidden size={24} strokeWidth={1.5} />
        </span>
      ) : (
        <img
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          className="absolute inset-0 size-full object-cover"
          onError={() => setBroken(url)}
        />
      )}
      {isMoving && video.preview_url !== null && (
        <img src={video.preview_url} alt="" data-preview="" className="absolute inset-0 size-full object-cover" />
      )}
      {showDuration && video.duration > 0 && (
        <span className="tabular absolute end-1.5 bottom-1.5 rounded bg-black/75 px-1.5 py-0.5 text-xs font-medium text-white">
          {formatLength(video.duration)}
        </span>
      )}
    </span>
  );
}
