import { Settings2 } from "lucide-react";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import type { Look } from "./look.ts";

const FilterSheet = lazySheet(() => import("./filter-sheet.tsx"), "FilterSheet");
const SettingsSheet = lazySheet(() => import("./settings-sheet.tsx"), "SettingsSheet");
const NearSheet = lazySheet(() => import("./near-sheet.tsx"), "NearSheet");

interface DanmakuSettingsProps {
  video: Video;
  timeS: RefObject<number>;
  look: Look;
  onLook: (look: Look) => void;
  className?: string;
}

/** A gear, with all there is about danmaku behind it. */
export function DanmakuSettings({ video, timeS, look, onLook, className }: DanmakuSettingsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"settings" | "filters" | null>(null);
  /** The moment around which what was said is listed. */
  const [nearS, setNearS] = useState<number | null>(null);
  return (
    <>
      <IconButton
        label={t("danmaku.settings")}
        onPress={() => setOpen("settings")}
        {...(className !== undefined && { className })}
      >
        <Settings2 size={20} aria-hidden />
      </IconButton>
      {open === "settings" && (
        <SettingsSheet
          {...{ look, onLook }}
          onClose={() => setOpen(null)}
          onFilters={() => setOpen("filters")}
          onNear={() => {
            setOpen(null);
            setNearS(timeS.current);
          }}
        />
      )}
      {open === "filters" && <FilterSheet onClose={() => setOpen(null)} />}
      {nearS !== null && <NearSheet video={video} atS={nearS} onClose={() => setNearS(null)} />}
    </>
  );
}
