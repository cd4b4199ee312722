import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { isMoving, totalsOf } from "./upload.ts";
import { useUploads } from "./upload-store.ts";

/** How the videos that are being uploaded are doing, on every page but their own. */
export function UploadTray() {
  const { t } = useTranslation();
  const uploads = useUploads();
  const { active, failed, percent } = totalsOf(uploads);
  const publishing = uploads.filter((upload) => !isMoving(upload) && upload.publish !== "no").length;
  if (active + failed + publishing === 0) return null;
  const text =
    active > 0
      ? t("upload.tray.active", { count: active, percent })
      : failed > 0
        ? t("queue.stopped", { count: failed })
        : t("upload.publishing");
  return (
    <Link
      to="/upload"
      search={{}}
      aria-label={`${t("upload.tray")}: ${text}`}
      className="mx-2 flex min-h-12 flex-col justify-center overflow-hidden rounded-xl border border-line bg-surface shadow-2xl sm:mx-0"
    >
      <span className="flex items-center gap-2 px-4 py-2.5">
        <span className="tabular min-w-0 flex-1 truncate text-sm font-semibold">{text}</span>
        {active > 0 && failed > 0 && (
          <span className="text-xs text-bad">{t("upload.tray.failed", { count: failed })}</span>
        )}
        <ChevronRight size={18} aria-hidden className="shrink-0 text-soft rtl:-scale-x-100" />
      </span>
      {active > 0 && (
        <span className="h-1 bg-raised" aria-hidden>
          <span className="block h-full bg-accent transition-[width] duration-200" style={{ width: `${percent}%` }} />
        </span>
      )}
    </Link>
  );
}
