import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";

const sideMax = 640;

/** The code that puts the video into another page, and how it looks there. */
export function EmbedPart({ video, address }: { video: Video; address: string }) {
  const { t } = useTranslation();
  const ratio = video.width > 0 && video.height > 0 ? video.width / video.height : 16 / 9;
  const [width, height] = ratio >= 1 ? [sideMax, Math.round(sideMax / ratio)] : [Math.round(sideMax * ratio), sideMax];
  const code = `<iframe src="${address}" width="${width}" height="${height}" title="${escapeHtml(video.title)}" style="border:0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`;
  const copy = () => {
    copyText(code).then(
      () => showToast(t("share.video.codeCopied")),
      () => undefined,
    );
  };
  return (
    <section aria-label={t("share.video.embed")} className="min-w-0 flex-1">
      <div className="mb-2 flex h-7 items-center justify-between">
        <h3 className="font-semibold">{t("share.video.embed")}</h3>
        <span className="tabular text-soft" dir="ltr">
          {width} × {height}
        </span>
      </div>
      <span className="relative block">
        <Cover video={video} showDuration={false} className="h-24" />
        <span className="absolute inset-0 m-auto grid size-10 place-items-center rounded-full bg-black/65 text-white">
          <Play size={18} fill="currentColor" aria-hidden />
        </span>
      </span>
      <div className="mt-2 flex items-center gap-2">
        <code
          dir="ltr"
          className="h-11 min-w-0 flex-1 truncate rounded-lg bg-raised px-3 text-xs leading-11 text-soft select-all pointer-fine:h-9 pointer-fine:leading-9"
        >
          {code}
        </code>
        <Button onPress={copy}>{t("share.video.copyCode")}</Button>
      </div>
    </section>
  );
}

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
