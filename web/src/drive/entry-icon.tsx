import { File, FileArchive, FileText, Folder, Image, Music, Video } from "lucide-react";
import { useState } from "react";
import { contentUrl, type Listed } from "./entries.ts";
import { previewOf } from "./preview-kind.ts";

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

/** Larger pictures are not loaded only to be shown small. */
const thumbnailBytesMax = 2 * 2 ** 20;

/** A picture itself where it is small enough, else its icon. */
export function Thumbnail({ entry }: { entry: Listed }) {
  const [isBroken, setBroken] = useState(false);
  const isShown = previewOf(entry) === "image" && entry.size <= thumbnailBytesMax && !isBroken;
  return (
    <span className="grid size-full place-items-center overflow-hidden rounded-lg bg-raised">
      {isShown ? (
        <img
          src={contentUrl(entry.id)}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          className="size-full object-cover"
          onError={() => setBroken(true)}
        />
      ) : (
        <EntryIcon entry={entry} size={40} />
      )}
    </span>
  );
}
