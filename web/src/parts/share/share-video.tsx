import { Share2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { mediaHook } from "#base/ui/use-media.ts";
import { EmbedPart } from "./embed-part.tsx";
import { LinkPart } from "./link-part.tsx";
import { QrPart } from "./qr-part.tsx";
import { SendPart } from "./send-part.tsx";
import { type Start, startParam } from "./start.ts";

interface ShareVideoProps {
  video: Video;
  /** The position of the viewer, where the link may begin. */
  atS: number;
  onClose: () => void;
}

/** The ways to share a video, one below the other: with people here, by its link, in another page, from a screen. */
export function ShareVideo({ video, atS, onClose }: ShareVideoProps) {
  const { t } = useTranslation();
  const me = useMe();
  const [start, setStart] = useState<Start>({ isOn: false, atS: Math.floor(atS) });
  const url = new URL(`/watch/${video.id}`, window.location.href);
  const embed = new URL(`/embed/${video.id}`, window.location.href);
  const param = startParam(start);
  const isEmbeddable = video.visibility === "public" || video.visibility === "unlisted";
  const withStart = (to: URL, name: string) => to.href + (param === null ? "" : `?${name}=${param}`);
  const link = withStart(url, "t");
  return (
    <Sheet title={t("share.video.title")} isOpen onClose={onClose} wide>
      <div className="flex flex-col gap-5 [&>*+*]:-mx-5 [&>*+*]:border-t [&>*+*]:border-line [&>*+*]:px-5 [&>*+*]:pt-5">
        {me != null && video.visibility !== "private" && <SendPart video={video} meId={me.id} onDone={onClose} />}
        <div className="flex flex-col gap-2">
          <LinkPart link={link} durationS={video.duration} start={start} onStart={setStart} />
          <NativeShare title={video.title} url={link} />
        </div>
        <div className="flex flex-col gap-5 sm:flex-row sm:gap-6">
          {isEmbeddable && <EmbedPart video={video} address={withStart(embed, "start")} />}
          <QrPart link={link} name={`qr-${video.id}.svg`} />
        </div>
      </div>
    </Sheet>
  );
}

const useIsTouch = mediaHook("(pointer: coarse)");

/** The device's own sharing, where it has one. */
function NativeShare({ title, url }: { title: string; url: string }) {
  const { t } = useTranslation();
  const isTouch = useIsTouch();
  if (!isTouch || !("share" in navigator)) return null;
  return (
    <Button
      className="w-full"
      onPress={() => {
        navigator.share({ title, url }).catch(() => undefined);
      }}
    >
      <Share2 size={16} aria-hidden />
      {t("share.video.device")}
    </Button>
  );
}
