import { Code, Copy, Share2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";
import { useMe } from "../api/queries.ts";
import type { Video } from "../api/types.ts";
import { formatDuration } from "../format/format.ts";
import { Button } from "../ui/button.tsx";
import { copyText } from "../ui/copy-text.ts";
import { Cover } from "../ui/cover.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { Tabbed } from "../ui/tabbed.tsx";
import { showToast } from "../ui/toasts.tsx";
import { SendPart } from "./send-part.tsx";

interface ShareVideoProps {
  video: Video;
  /** Where it is watched right now, which the link may begin with. */
  atS: number;
  onClose: () => void;
}

/** The ways to share a video: with people here, by its link, in another page. */
export function ShareVideo({ video, atS, onClose }: ShareVideoProps) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Sheet title={t("share.video.title")} isOpen onClose={onClose} wide>
      <div className="flex flex-col gap-6">
        {me != null && video.visibility !== "private" && <SendPart video={video} meId={me.id} onDone={onClose} />}
        <LinkPart video={video} atS={atS} />
      </div>
    </Sheet>
  );
}

/** The link with its beginning, the code for another page and a picture of the link. */
function LinkPart({ video, atS }: { video: Video; atS: number }) {
  const { t } = useTranslation();
  const [hasStart, setStart] = useState(false);
  const [tab, setTab] = useState<"link" | "embed" | "qr">("link");
  const startS = Math.floor(atS);
  const url = new URL(`/watch/${video.id}`, window.location.href);
  const embed = new URL(`/embed/${video.id}`, window.location.href);
  if (hasStart && startS > 0) {
    url.searchParams.set("t", String(startS));
    embed.searchParams.set("start", String(startS));
  }
  const ratio = video.width > 0 && video.height > 0 ? video.width / video.height : 16 / 9;
  const [width, height] = ratio >= 1 ? [640, Math.round(640 / ratio)] : [Math.round(640 * ratio), 640];
  const code = `<iframe src="${embed.href}" width="${width}" height="${height}" title="${escaped(video.title)}" style="border:0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`;
  const isPublic = video.visibility === "public" || video.visibility === "unlisted";
  const tabs = [
    { name: "link", text: t("share.video.link") },
    ...(isPublic ? [{ name: "embed", text: t("share.video.embed") } as const] : []),
    { name: "qr", text: t("share.video.qr") },
  ] as const;
  return (
    <section>
      <Tabbed label={t("share.video.ways")} tabs={tabs} current={tab} onChange={setTab}>
        {tab === "link" && (
          <Copyable text={url.href} done={t("action.copied")} isMain>
            {t("action.copyLink")}
          </Copyable>
        )}
        {tab === "embed" && (
          <div className="flex flex-col gap-3 sm:flex-row">
            <div className="w-full sm:w-56">
              <Cover video={video} className="aspect-video" />
              <bdi className="mt-1.5 line-clamp-2 text-sm font-medium">{video.title}</bdi>
            </div>
            <div className="min-w-0 flex-1">
              <Copyable text={code} rows={4} done={t("share.video.codeCopied")}>
                <Code size={16} aria-hidden />
                {t("share.video.copyCode")}
              </Copyable>
            </div>
          </div>
        )}
        {tab === "qr" && <QrCode text={url.href} />}
      </Tabbed>
      {startS > 0 && (
        <label className="mt-3 flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            checked={hasStart}
            onChange={({ target }) => setStart(target.checked)}
            className="size-4.5 accent-accent"
          />
          {t("share.video.startAt", { time: formatDuration(startS) })}
        </label>
      )}
      <NativeShare title={video.title} url={url.href} />
    </section>
  );
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

interface CopyableProps {
  text: string;
  done: string;
  rows?: number;
  isMain?: boolean;
  children: ReactNode;
}

/** A text to copy, by its button or by hand. */
function Copyable({ text, done, rows = 1, isMain = false, children }: CopyableProps) {
  const copy = async () => {
    await copyText(text);
    showToast(done);
  };
  return (
    <div className={rows > 1 ? "flex flex-col items-start gap-2" : "flex items-center gap-2"}>
      <textarea
        readOnly
        rows={rows}
        value={text}
        aria-label={done}
        onFocus={({ currentTarget }) => currentTarget.select()}
        className={`w-full min-w-0 flex-1 resize-none rounded-lg bg-raised px-3 py-2 ${rows > 1 ? "font-mono text-xs" : "h-11 overflow-hidden text-base whitespace-nowrap pointer-fine:h-9 pointer-fine:text-sm"}`}
      />
      <Button look={isMain ? "main" : "plain"} onPress={() => void copy().catch(() => undefined)}>
        {isMain && <Copy size={16} aria-hidden />}
        {children}
      </Button>
    </div>
  );
}

/** The link as a picture for the camera of a phone. */
function QrCode({ text }: { text: string }) {
  const { t } = useTranslation();
  const svg = `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 2 }))}`;
  return (
    <figure className="flex flex-col items-center gap-2">
      <img src={svg} alt={t("share.video.qr")} className="size-44 rounded-lg bg-white" />
      <figcaption className="text-soft">{t("share.video.qr.text")}</figcaption>
    </figure>
  );
}

/** The device's own sharing, where it has one. */
function NativeShare({ title, url }: { title: string; url: string }) {
  const { t } = useTranslation();
  const isTouch = window.matchMedia("(pointer: coarse)").matches;
  if (!isTouch || !("share" in navigator)) return null;
  return (
    <Button
      className="mt-3 w-full"
      onPress={() => {
        navigator.share({ title, url }).catch(() => undefined);
      }}
    >
      <Share2 size={16} aria-hidden />
      {t("share.video.device")}
    </Button>
  );
}
