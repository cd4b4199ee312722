import { List, ListFilter, SendHorizontal, Settings2 } from "lucide-react";
import { lazy, type RefObject, type SubmitEvent, Suspense, useEffect, useState } from "react";
import { Switch } from "react-aria-components/Switch";
import { useTranslation } from "react-i18next";
import { Attempt } from "../../api/attempt.ts";
import { ask } from "../../api/client.ts";
import type { Rows } from "../../api/generated.ts";
import { useMe } from "../../api/queries.ts";
import type { Video } from "../../api/types.ts";
import { formatDuration } from "../../format/format.ts";
import { charactersIn } from "../../text/characters.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Select } from "../../ui/select.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useErrorText } from "../../ui/states.tsx";
import { showToast } from "../../ui/toasts.tsx";
import { colorValue, type Look } from "./look.ts";
import { LookChoice } from "./look-choice.tsx";
import { prefer, usePreferences } from "./preferences.ts";
import { showDanmaku } from "./query.ts";
import { SwitchKnob } from "../../ui/switch-knob.tsx";

const FilterSheet = lazy(() => import("./filter-sheet.tsx").then((module) => ({ default: module.FilterSheet })));
const NearSheet = lazy(() => import("./near-sheet.tsx").then((module) => ({ default: module.NearSheet })));

const contentMax = 100;
const shares = [0.25, 0.5, 1] as const;

interface DanmakuBarProps {
  video: Video;
  timeS: RefObject<number>;
}

/** One line under the film: whether danmaku fly over it, a field for one at this moment, and all else behind a gear. */
export function DanmakuBar({ video, timeS }: DanmakuBarProps) {
  const { t } = useTranslation();
  const { isOn } = usePreferences();
  const [look, setLook] = useState<Look>({ mode: "scroll", color: "white" });
  const [open, setOpen] = useState<"settings" | "filters" | null>(null);
  /** The moment around which what was said is listed. */
  const [nearS, setNearS] = useState<number | null>(null);
  return (
    <div className="flex min-h-10 items-center gap-3 px-4 pt-2.5 sm:px-0">
      <Switch
        isSelected={isOn}
        onChange={(next) => prefer({ isOn: next })}
        aria-label={isOn ? t("danmaku.off") : t("danmaku.on")}
        className="group flex min-h-10 shrink-0 cursor-pointer items-center gap-2.5 font-medium"
      >
        <span className="max-sm:sr-only">{t("danmaku.name")}</span>
        <SwitchKnob />
      </Switch>
      <DanmakuForm video={video} timeS={timeS} look={look} />
      <IconButton label={t("danmaku.settings")} onPress={() => setOpen("settings")}>
        <Settings2 size={20} aria-hidden />
      </IconButton>
      <Sheet title={t("danmaku.settings")} isOpen={open === "settings"} onClose={() => setOpen(null)}>
        <SettingsPart
          {...{ look, setLook }}
          onFilters={() => setOpen("filters")}
          onNear={() => {
            setOpen(null);
            setNearS(timeS.current);
          }}
        />
      </Sheet>
      <Suspense>
        {open === "filters" && <FilterSheet onClose={() => setOpen(null)} />}
        {nearS !== null && <NearSheet video={video} atS={nearS} onClose={() => setNearS(null)} />}
      </Suspense>
    </div>
  );
}

interface SettingsPartProps {
  look: Look;
  setLook: (look: Look) => void;
  onFilters: () => void;
  onNear: () => void;
}

/** How many danmaku are shown and how clearly, how one's own look, and the ways to the lists. */
function SettingsPart({ look, setLook, onFilters, onNear }: SettingsPartProps) {
  const { t } = useTranslation();
  const { opacity, share } = usePreferences();
  return (
    <div className="flex flex-col gap-5">
      <Select
        label={t("danmaku.share")}
        value={String(share)}
        onChange={(value) => prefer({ share: shares.find((one) => String(one) === value) ?? 0.5 })}
        options={shares.map((one) => ({
          value: String(one),
          name: t(`danmaku.share.${one === 0.25 ? "quarter" : one === 0.5 ? "half" : "all"}`),
        }))}
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
      <LookChoice look={look} onChange={setLook} />
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
  );
}

function DanmakuForm({ video, timeS, look }: DanmakuBarProps & { look: Look }) {
  const { t } = useTranslation();
  const { content, setContent, tooMany, isBusy, submit } = usePosting({ video, timeS }, look);
  const seconds = useSeconds(timeS);
  return (
    <form
      onSubmit={submit}
      className="flex min-h-9 min-w-0 flex-1 items-center rounded-full bg-raised focus-within:outline-2 focus-within:outline-accent-strong pointer-coarse:min-h-11"
    >
      <input
        value={content}
        onChange={({ target }) => setContent(target.value)}
        aria-invalid={tooMany > 0}
        aria-label={t("danmaku.name")}
        placeholder={t("danmaku.sayAt", { time: formatDuration(seconds) })}
        className="min-w-0 flex-1 bg-transparent ps-4 text-sm text-ink outline-none! placeholder:text-faint pointer-coarse:text-base"
      />
      {tooMany > 0 && (
        <span role="alert" className="text-xs whitespace-nowrap text-bad">
          {t("field.tooLong", { count: tooMany })}
        </span>
      )}
      <Button
        look="ghost"
        type="submit"
        isBusy={isBusy}
        isDisabled={content.trim() === "" || tooMany > 0}
        aria-label={t("danmaku.send")}
        className="rounded-full! text-link! data-[disabled]:text-faint!"
      >
        {!isBusy && <SendHorizontal size={18} aria-hidden className="rtl:-scale-x-100" />}
      </Button>
    </form>
  );
}

/** The position in whole seconds, for the field that names it. */
function useSeconds(timeS: RefObject<number>): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor(timeS.current)), 500);
    return () => clearInterval(timer);
  }, [timeS]);
  return seconds;
}

/** The typed text, and its posting. */
function usePosting({ video, timeS }: DanmakuBarProps, look: Look) {
  const text = useErrorText();
  const [content, setContent] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [attempt] = useState(() => new Attempt<Rows["interaction.sayAt"]["body"]>());
  const tooMany = charactersIn(content) - contentMax;

  const say = async () => {
    setBusy(true);
    try {
      const said = content.trim();
      const { mode } = look;
      const color = colorValue(look.color);
      const make = () => ({ position: Math.round(timeS.current * 1_000) / 1_000, content: said, color, mode });
      const request = { path: { id: video.id }, ...attempt.of(`${mode} ${color} ${said}`, make) };
      showDanmaku(video.id, await ask("interaction.sayAt", request));
      attempt.taken();
      setContent("");
      prefer({ isOn: true });
    } catch (thrown) {
      showToast(text(thrown));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isBusy && content.trim() !== "" && tooMany <= 0) void say();
  };
  return { content, setContent, tooMany, isBusy, submit };
}

/** Danmaku are for users who are signed in, on videos that take comments; others have no line for them. */
export function OwnDanmakuBar(props: DanmakuBarProps) {
  const me = useMe();
  return me == null || !props.video.allow_comment ? null : <DanmakuBar {...props} />;
}
