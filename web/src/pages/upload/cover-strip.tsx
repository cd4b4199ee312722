import { ImagePlus, LoaderCircle, Sparkles } from "lucide-react";
import type { ReactNode } from "react";
import { Label } from "react-aria-components/Label";
import { Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { useTranslation } from "react-i18next";
import { formatDuration } from "#base/format/format.ts";
import { classNames } from "#base/ui/class-names.ts";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";
import { chooseCover, removeCover } from "#parts/upload/publication.ts";
import type { Upload } from "#parts/upload/upload.ts";

const tileClass =
  "relative grid h-22 min-w-16 shrink-0 cursor-pointer place-items-center overflow-hidden rounded-lg bg-raised text-soft";

/** The picture a video is shown by: the server's choice, a moment of the video, or an own picture. */
export function CoverStrip({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { key, frames, draft, isCoverBusy, coverFailure } = upload;
  const { coverUrl, coverAtS } = draft;
  const frame = frames.find(({ atS }) => atS === coverAtS);
  const isOwn = coverUrl !== null && frame === undefined;
  const choose = (value: string) => {
    if (value === "auto") removeCover(key);
    else if (value !== "own") chooseCover(key, { atS: Number(value) });
  };
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-end gap-2">
        <RadioGroup
          orientation="horizontal"
          value={frame !== undefined ? String(frame.atS) : isOwn ? "own" : "auto"}
          onChange={choose}
          className="flex min-w-0 flex-1 flex-col gap-1.5"
        >
          <Label className="text-sm font-medium">{t("upload.cover")}</Label>
          <div className="-m-1 flex gap-2 overflow-x-auto p-1 [scrollbar-width:none]">
            <Tile value="auto" label={t("upload.cover.remove")}>
              <span className="flex flex-col items-center gap-1 px-1 text-xs font-medium">
                <Sparkles size={20} strokeWidth={1.75} aria-hidden />
                {t("upload.cover.auto")}
              </span>
            </Tile>
            {frames.map(({ atS, url }) => (
              <Tile key={atS} value={String(atS)} label={t("upload.cover.at", { time: formatDuration(atS) })}>
                <img src={url} alt="" className="h-22 w-auto max-w-40 object-cover" />
                {isCoverBusy && atS === coverAtS && <Busy />}
              </Tile>
            ))}
            {isOwn && (
              <Tile value="own" label={t("upload.cover.own")}>
                <img src={coverUrl} alt="" className="h-22 w-39 object-cover" />
              </Tile>
            )}
          </div>
        </RadioGroup>
        <label
          className={`${tileClass} w-16 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-strong`}
        >
          <span className="flex flex-col items-center gap-1 text-xs font-medium" aria-hidden>
            <ImagePlus size={20} strokeWidth={1.75} />
            {t("upload.cover.choose.short")}
          </span>
          {isCoverBusy && frame === undefined && <Busy />}
          <input
            type="file"
            accept="image/*"
            aria-label={t("upload.cover.choose")}
            className="absolute inset-0 size-full cursor-pointer opacity-0"
            onChange={(event) => {
              const picture = event.currentTarget.files?.[0];
              event.currentTarget.value = "";
              if (picture !== undefined) chooseCover(key, { picture });
            }}
          />
        </label>
      </div>
      <p role="status" className="sr-only">
        {isCoverBusy ? t("upload.cover.uploading") : ""}
      </p>
      {coverFailure !== null && <Problem>{text(coverFailure)}</Problem>}
    </div>
  );
}

function Tile({ value, label, children }: { value: string; label: string; children: ReactNode }) {
  return (
    <Radio
      value={value}
      aria-label={label}
      className={classNames(
        tileClass,
        "data-[focus-visible]:outline-2 data-[focus-visible]:outline-offset-2 data-[selected]:ring-2 data-[selected]:ring-ink data-[selected]:ring-offset-2 data-[selected]:ring-offset-page",
      )}
    >
      {children}
    </Radio>
  );
}

const Busy = () => (
  <span className="absolute inset-0 grid place-items-center bg-black/50 text-white">
    <LoaderCircle size={20} aria-hidden className="animate-spin" />
  </span>
);
