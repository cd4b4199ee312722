import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { setAutoplay, useAutoplay } from "#parts/player/autoplay.ts";
import { CaptionStyleSection } from "#parts/player/captions/lazy-caption-style.ts";
import { prefer, usePreferences } from "#parts/player/danmaku/preferences.ts";
import { readIsEven, writeIsEven } from "#parts/player/memory.ts";
import { Part } from "./part.tsx";

/** How videos play on this device. */
export function PlaybackPart() {
  const { t } = useTranslation();
  const isAutoplay = useAutoplay();
  const { isOn: hasDanmaku } = usePreferences();
  const [isEven, setEven] = useState(readIsEven);
  return (
    <Part>
      <div className="flex flex-col gap-1">
        <Toggle
          label={t("watch.autoplay")}
          text={t("settings.autoplay.text")}
          isOn={isAutoplay}
          onChange={setAutoplay}
        />
        <Toggle
          label={t("danmaku.name")}
          text={t("settings.danmaku.text")}
          isOn={hasDanmaku}
          onChange={(isOn) => prefer({ isOn })}
        />
        <Toggle
          label={t("player.even")}
          text={t("player.even.text")}
          isOn={isEven}
          onChange={(next) => {
            writeIsEven(next);
            setEven(next);
          }}
        />
      </div>
      <CaptionStyleSection />
    </Part>
  );
}
