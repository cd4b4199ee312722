import { List, ListFilter } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LookChoice } from "./look-choice.tsx";
import type { Look } from "./look.ts";
import { prefer, shares, usePreferences } from "./preferences.ts";

interface SettingsSheetProps {
  look: Look;
  onLook: (look: Look) => void;
  onClose: () => void;
  onFilters: () => void;
  onNear: () => void;
}

/** How many danmaku are shown and how clearly, how one's own look, and the ways to the lists. */
export function SettingsSheet({ look, onLook, onClose, onFilters, onNear }: SettingsSheetProps) {
  const { t } = useTranslation();
  const { opacity, share } = usePreferences();
  return (
    <Sheet title={t("danmaku.settings")} isOpen onClose={onClose}>
      <div className="flex flex-col gap-5">
        <Select
          label={t("danmaku.share")}
          value={String(share)}
          onChange={(value) => prefer({ share: shares.find(({ share }) => String(share) === value)?.share ?? 0.5 })}
          options={shares.map(({ share, name }) => ({ value: String(share), name: t(`danmaku.share.${name}`) }))}
        />
        <label className="flex min-h-11 items-center gap-4 font-medium">
          <span className="flex-1">{t("danmaku.opacity")}</span>
          <input
            type="range"
            min={0.2}
            max={1}
            step={0.05}
            value={opacity}
            onChange={({ target }) => prefer({ opacity: Number(target.value) })}
            className="w-40 accent-accent"
          />
        </label>
        <LookChoice look={look} onChange={onLook} />
        <div className="flex flex-wrap gap-2">
          <Button onPress={onFilters}>
            <ListFilter size={18} aria-hidden />
            {t("danmaku.filters")}
          </Button>
          <Button onPress={onNear}>
            <List size={18} aria-hidden />
            {t("danmaku.near")}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
