import { List, ListFilter, MessageSquare, MessageSquareOff, Send } from "lucide-react";
import { lazy, type RefObject, type SubmitEvent, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Attempt } from "../../api/attempt.ts";
import { ask } from "../../api/client.ts";
import type { Rows } from "../../api/generated.ts";
import { useMe } from "../../api/queries.ts";
import type { Video } from "../../api/types.ts";
import { charactersIn } from "../../text/characters.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { useErrorText } from "../../ui/states.tsx";
import { showToast } from "../../ui/toasts.tsx";
import { useOfferLogin } from "../../ui/use-offer-login.ts";
import { colorValue, type Look } from "./look.ts";
import { prefer, usePreferences } from "./preferences.ts";
import { showDanmaku } from "./query.ts";
import { Swatch } from "./swatch.tsx";

const FilterSheet = lazy(() => import("./filter-sheet.tsx").then((module) => ({ default: module.FilterSheet })));

const LookSheet = lazy(() => import("./look-sheet.tsx").then((module) => ({ default: module.LookSheet })));

const NearSheet = lazy(() => import("./near-sheet.tsx").then((module) => ({ default: module.NearSheet })));

const contentMax = 100;
const shares = [0.25, 0.5, 1] as const;

/** Under the film: says something at this moment of it, and how much of what others said is shown. */
export function DanmakuBar({ video, timeS }: DanmakuBarProps) {
  const { t } = useTranslation();
  const { isOn } = usePreferences();
  /** The moment around which what was said is listed. */
  const [nearS, setNearS] = useState<number | null>(null);
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pt-3 sm:px-0">
      <IconButton
        label={isOn ? t("danmaku.off") : t("danmaku.on")}
        aria-pressed={isOn}
        onPress={() => prefer({ isOn: !isOn })}
      >
        {isOn ? <MessageSquare size={20} aria-hidden /> : <MessageSquareOff size={20} aria-hidden />}
      </IconButton>
      <IconButton label={t("danmaku.near")} onPress={() => setNearS(timeS.current)}>
        <List size={20} aria-hidden />
      </IconButton>
      <Suspense>{nearS !== null && <NearSheet video={video} atS={nearS} onClose={() => setNearS(null)} />}</Suspense>
      {isOn && <ShownPart />}
      {video.allow_comment && <DanmakuForm video={video} timeS={timeS} />}
    </div>
  );
}

interface DanmakuBarProps {
  video: Video;
  timeS: RefObject<number>;
}

/** How many danmaku are shown, how clearly, and which are filtered out. */
function ShownPart() {
  const { t } = useTranslation();
  const me = useMe();
  const { opacity, share } = usePreferences();
  const [isFiltering, setFiltering] = useState(false);
  return (
    <>
      <label className="flex items-center gap-2 text-sm text-soft">
        {t("danmaku.share")}
        <select
          value={share}
          onChange={({ target }) => prefer({ share: shares.find((one) => String(one) === target.value) ?? 0.5 })}
          className="min-h-11 rounded-lg border border-line bg-surface px-2 text-ink"
        >
          {shares.map((one) => (
            <option key={one} value={one}>
              {t(`danmaku.share.${one === 0.25 ? "quarter" : one === 0.5 ? "half" : "all"}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-h-11 items-center gap-2 text-sm text-soft">
        {t("danmaku.opacity")}
        <input
          type="range"
          min={0.2}
          max={1}
          step={0.05}
          value={opacity}
          onChange={({ target }) => prefer({ opacity: Number(target.value) })}
          className="w-20 accent-accent"
        />
      </label>
      {me !== null && (
        <IconButton label={t("danmaku.filters")} onPress={() => setFiltering(true)}>
          <ListFilter size={20} aria-hidden />
        </IconButton>
      )}
      <Suspense>{isFiltering && <FilterSheet onClose={() => setFiltering(false)} />}</Suspense>
    </>
  );
}

function DanmakuForm({ video, timeS }: DanmakuBarProps) {
  const { t } = useTranslation();
  const [look, setLook] = useState<Look>({ mode: "scroll", color: "white" });
  const [isChoosing, setChoosing] = useState(false);
  const { content, setContent, tooMany, isBusy, submit } = usePosting({ video, timeS }, look);
  return (
    <form onSubmit={submit} className="flex min-w-0 grow basis-72 items-center gap-2 sm:basis-96">
      <IconButton
        label={t("danmaku.look.now", {
          mode: t(`danmaku.mode.${look.mode}`),
          color: t(`danmaku.color.${look.color}`),
        })}
        onPress={() => setChoosing(true)}
      >
        <Swatch {...look} />
      </IconButton>
      <Suspense>
        {isChoosing && <LookSheet look={look} onChange={setLook} onClose={() => setChoosing(false)} />}
      </Suspense>
      <input
        value={content}
        onChange={({ target }) => setContent(target.value)}
        aria-invalid={tooMany > 0}
        aria-label={t("danmaku.say")}
        placeholder={t("danmaku.say")}
        className="min-h-11 min-w-0 flex-1 rounded-lg border border-line bg-surface px-3 text-base text-ink placeholder:text-soft"
      />
      {tooMany > 0 && (
        <span role="alert" className="text-xs text-bad">
          {t("field.tooLong", { count: tooMany })}
        </span>
      )}
      <Button
        type="submit"
        isBusy={isBusy}
        isDisabled={content.trim() === "" || tooMany > 0}
        aria-label={t("danmaku.send")}
      >
        <Send size={18} aria-hidden />
      </Button>
    </form>
  );
}

/** The typed text, and its posting. */
function usePosting({ video, timeS }: DanmakuBarProps, look: Look) {
  const { t } = useTranslation();
  const me = useMe();
  const offerLogin = useOfferLogin(`/watch/${video.id}`);
  const text = useErrorText();
  const [content, setContent] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [attempt] = useState(() => new Attempt<Rows["interaction.sayAt"]["body"]>());
  const tooMany = charactersIn(content) - contentMax;

  const say = async () => {
    if (me === null) {
      offerLogin(t("danmaku.loginFirst"));
      return;
    }
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
