import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";

interface CrumbsProps {
  /** From the first below the root to the one that is open. */
  path: readonly { id: number; name: string }[];
  /** Goes there; without it the crumbs are links of the drive. */
  onGo?: (folderId: number | null) => void;
  /** The name of the root. */
  root?: string;
}

const crumbClass = "inline-flex min-h-11 max-w-48 items-center truncate rounded-lg px-1.5 hover:underline";

/** The way from the root to where one is. */
export function Crumbs({ path, onGo, root }: CrumbsProps) {
  const { t } = useTranslation();
  const all = [{ id: null, name: root ?? t("drive.root") }, ...path];
  return (
    <nav aria-label={t("drive.path")} className="min-w-0">
      <ol className="flex flex-wrap items-center">
        {all.map(({ id, name }, place) => (
          <li key={id ?? 0} className="flex min-w-0 items-center">
            {place > 0 && <ChevronRight size={16} aria-hidden className="shrink-0 text-soft rtl:-scale-x-100" />}
            {place === all.length - 1 ? (
              <span aria-current="location" className="inline-flex min-h-11 max-w-56 items-center px-1.5 font-semibold">
                <span className="truncate">{name}</span>
              </span>
            ) : onGo !== undefined ? (
              <button type="button" className={crumbClass} onClick={() => onGo(id)}>
                <span className="truncate">{name}</span>
              </button>
            ) : id === null ? (
              <Link to="/drive" className={crumbClass}>
                {name}
              </Link>
            ) : (
              <Link to="/drive/folder/$id" params={{ id }} className={crumbClass}>
                <span className="truncate">{name}</span>
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
