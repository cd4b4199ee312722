import { ImagePlus, Sparkles } from "lucide-react";
import { type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { uploadPicture } from "#base/api/picture.ts";
import { Button } from "../buttons/button.tsx";
import { Problem } from "../states/states.tsx";
import { useAction } from "../actions/use-action.ts";
import { ChooseImage } from "./choose-image.tsx";

interface CoverPickerProps {
  /** The chosen cover; `null` for the automatic one. */
  url: string | null;
  onUrl: (url: string | null) => void;
  /** The automatic cover can be had back. */
  canRemove?: boolean;
  /** Other ways to a picture, which is sent as a chosen one is. */
  more?: (choose: (picture: File) => void, isBusy: boolean) => ReactNode;
}

/** The picture a video is shown by: chosen automatically, or an own one. */
export function CoverPicker({ url, onUrl, canRemove = true, more }: CoverPickerProps) {
  const { t } = useTranslation();
  const { run, isBusy, problem } = useAction(async (file: File) => onUrl((await uploadPicture(file, "cover")).url));
  const choose = (file: File) => void run(file);
  return (
    <div role="group" aria-label={t("upload.cover")} className="flex flex-col gap-1.5">
      <span className="text-sm font-medium" aria-hidden>
        {t("upload.cover")}
      </span>
      <div className="flex flex-wrap items-center gap-4">
        <span className="relative grid aspect-video w-36 place-items-center overflow-hidden rounded-lg bg-raised text-soft">
          {url === null ? (
            <Sparkles size={22} strokeWidth={1.5} aria-hidden />
          ) : (
            <img src={url} alt="" className="absolute inset-0 size-full object-cover" />
          )}
        </span>
        <div className="flex min-w-40 flex-1 flex-col items-start gap-2">
          <p className="text-xs text-soft">{isBusy ? t("upload.cover.uploading") : t("upload.cover.text")}</p>
          <div className="flex flex-wrap gap-2">
            <ChooseImage
              text={t("upload.cover.choose")}
              icon={<ImagePlus size={18} aria-hidden />}
              isDisabled={isBusy}
              onFile={choose}
            />
            {url !== null && canRemove && (
              <Button look="ghost" onPress={() => onUrl(null)}>
                {t("upload.cover.remove")}
              </Button>
            )}
          </div>
        </div>
      </div>
      {more?.(choose, isBusy)}
      {problem !== null && <Problem>{problem}</Problem>}
    </div>
  );
}
