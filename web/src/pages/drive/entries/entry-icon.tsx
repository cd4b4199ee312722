import { File, FileArchive, FileText, Folder, Image, Music, Video } from "lucide-react";
import { useState } from "react";
import { formatLength } from "#base/format/format.ts";
import type { Listed } from "./entries.ts";
import { previewOf } from "./preview-kind.ts";
import { useThumbnail } from "./thumbnails.ts";

const archive = /\.(?:zip|7z|rar|tar|gz|tgz|xz|zst)$/i;

/** The kind of an entry, as a picture. */
export function EntryIcon({ entry, size = 22 }: { entry: Pick<Listed, "kind" | "name" | "mime">; size?: number }) {
  const shared = { size, strokeWidth: 1.75, "aria-hidden": true } as const;
  if (entry.kind === "folder") return <Folder {...shared} className="shrink-0 fill-accent/25 text-accent-strong" />;
  if (entry.kind === "video") return <Video {...shared} className="shrink-0 text-soft" />;
  if (entry.kind === "audio") return <Music {...shared} className="shrink-0 text-soft" />;
  if (entry.kind === "image") return <Image {...shared} className="shrink-0 text-soft" />;
  if (archive.test(entry.name)) return <FileArchive {...shared} className="shrink-0 text-soft" />;
  const Shape = previewOf(entry) === "text" || /\.pdf$/i.test(entry.name) ? FileText : File;
  return <Shape {...shared} className="shrink-0 text-soft" />;
}

/** A picture of a file where it has one, else its icon. */
export function Thumbnail({ entry, iconSize, showDuration = false }: ThumbnailProps) {
  const thumbnail = useThumbnail(entry);
  const [broken, setBroken] = useState<string | null>(null);
  if (thumbnail === null || thumbnail.url === broken) return <ThumbnailIcon entry={entry} iconSize={iconSize} />;
  const { url, durationS } = thumbnail;
  return (
    <span className="relative block size-full overflow-hidden rounded-lg bg-raised">
      <img
        src={url}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
        className="size-full object-cover"
        onError={() => setBroken(url)}
      />
      {showDuration && durationS !== null && durationS > 0 && (
        // No text of the page: a tile that holds it is called by its name.
        <span
          data-length={formatLength(durationS)}
          className="tabular absolute end-1.5 bottom-1.5 rounded bg-black/75 px-1.5 py-0.5 text-xs font-medium text-white before:content-[attr(data-length)]"
        />
      )}
    </span>
  );
}

interface ThumbnailProps {
  entry: Listed;
  iconSize: number;
  showDuration?: boolean;
}

/** The icon of a file in the box of a thumbnail. */
export const ThumbnailIcon = ({ entry, iconSize }: ThumbnailProps) => (
  <span className="grid size-full place-items-center rounded-lg bg-raised">
    <EntryIcon entry={entry} size={iconSize} />
  </span>
);
