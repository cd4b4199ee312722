import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { FoundFile } from "#base/api/types.ts";
import { formatAgo, formatDate, formatSize } from "#base/format/format.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { Thumbnail } from "#pages/drive/entries/entry-icon.tsx";
import { placeOf } from "./file-place.ts";
import { MarkedText } from "./marked-text.tsx";

/** One's own files and folders that a search found, each a link to its place in the drive. */
export function FileRows({ files }: { files: readonly FoundFile[] }) {
  return (
    <ul className="-mx-2 flex flex-col">
      {files.map((file) => (
        <li key={file.id}>
          <FileRow file={file} />
        </li>
      ))}
    </ul>
  );
}

function FileRow({ file }: { file: FoundFile }) {
  const { t, i18n } = useTranslation();
  const changedMs = Date.parse(file.changed_at);
  const isFolder = file.kind === "folder";
  const size = isFolder ? "–" : formatSize(file.size, i18n.language);
  const folders = [t("search.files.root"), ...file.folders.map(({ name }) => name)].join(" / ");
  return (
    <Link {...placeOf(file)} className="flex min-h-14 items-center gap-3 rounded-xl px-2 py-1.5 hover:bg-raised/60">
      <span className="h-10 w-14 shrink-0">
        <Thumbnail entry={file} iconSize={22} />
      </span>
      <span className="min-w-0 flex-1">
        <bdi className="block truncate font-medium" title={file.name}>
          <MarkedText text={file.name} ranges={file.highlights} />
        </bdi>
        <span className="flex text-xs text-soft">
          <bdi className="truncate" title={folders}>
            {folders}
          </bdi>
          {!isFolder && <span className="tabular shrink-0 whitespace-pre md:hidden"> · {size}</span>}
        </span>
      </span>
      <time
        dateTime={file.changed_at}
        title={formatDate(changedMs, i18n.language)}
        className="hidden w-36 shrink-0 truncate text-soft md:block"
      >
        {formatAgo(changedMs, Date.now(), i18n.language)}
      </time>
      <span className="tabular hidden w-20 shrink-0 text-end text-soft md:block">{size}</span>
    </Link>
  );
}

/** The shape of {@link FileRows}. */
export function FilesSkeleton() {
  return (
    <div className="flex flex-col" aria-busy>
      {[0, 1, 2, 3].map((place) => (
        <div key={place} className="flex min-h-14 items-center gap-3 py-1.5">
          <Skeleton className="h-10 w-14 rounded-lg!" />
          <Skeleton className="h-5 w-2/5" />
        </div>
      ))}
    </div>
  );
}
