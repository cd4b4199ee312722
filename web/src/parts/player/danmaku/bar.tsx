import type { RefObject } from "react";
import { Switch } from "react-aria-components/Switch";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { SwitchKnob } from "#base/ui/buttons/switch-knob.tsx";
import { DanmakuForm } from "./form.tsx";
import { useDanmakuDraft, useMayPost } from "./post.ts";
import { prefer, usePreferences } from "./preferences.ts";
import { DanmakuSettings } from "./settings.tsx";

interface DanmakuBarProps {
  video: Video;
  timeS: RefObject<number>;
}

/** One line under the film: whether danmaku fly over it, a field for one at this moment, and all else behind a gear. */
function DanmakuBar({ video, timeS }: DanmakuBarProps) {
  const { t } = useTranslation();
  const { isOn } = usePreferences();
  const draft = useDanmakuDraft(video, timeS);
  return (
    <div className="flex min-h-10 items-center gap-3 pt-2.5">
      <Switch
        isSelected={isOn}
        onChange={(next) => prefer({ isOn: next })}
        aria-label={isOn ? t("danmaku.off") : t("danmaku.on")}
        className="group flex min-h-10 shrink-0 cursor-pointer items-center gap-2.5 font-medium"
      >
        <span>{t("danmaku.name")}</span>
        <SwitchKnob />
      </Switch>
      <DanmakuForm draft={draft} timeS={timeS} />
      <DanmakuSettings video={video} timeS={timeS} look={draft.look} onLook={draft.setLook} />
    </div>
  );
}

/** The line of users who may post danmaku; others have none. */
export function OwnDanmakuBar(props: DanmakuBarProps) {
  return useMayPost(props.video) ? <DanmakuBar {...props} /> : null;
}
