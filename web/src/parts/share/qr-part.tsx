import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";

/** The link as a picture for the camera of a phone, to save under this name. */
export function QrPart({ link, name }: { link: string; name: string }) {
  const { t } = useTranslation();
  const svg = `data:image/svg+xml,${encodeURIComponent(renderSVG(link, { border: 2 }))}`;
  return (
    <section aria-label={t("share.video.qr")}>
      <div className="mb-2 flex h-7 items-center justify-between">
        <h3 className="font-semibold">{t("share.video.qr")}</h3>
        <a
          href={svg}
          download={name}
          aria-label={t("share.video.saveQr")}
          title={t("share.video.saveQr")}
          className="-me-2.5 grid size-11 place-items-center rounded-full text-soft hover:text-ink pointer-fine:size-9"
        >
          <Download size={16} aria-hidden />
        </a>
      </div>
      <div className="flex items-center gap-4">
        <img src={svg} alt={t("share.video.qr")} className="size-35 rounded-xl bg-white" />
        <p className="text-soft text-pretty sm:hidden">{t("share.video.qr.text")}</p>
      </div>
    </section>
  );
}
