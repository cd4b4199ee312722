import { useLayoutEffect, useRef, useState } from "react";
import { Slider, SliderThumb, SliderTrack } from "react-aria-components/Slider";
import { useTranslation } from "react-i18next";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { FeedSettings } from "#base/api/types.ts";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { LeftToRight } from "#base/ui/left-to-right.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { weightKey, weightMax } from "./words.ts";
import { dropFeeds, feedSettingsQuery } from "./your-feed-queries.ts";

/** Changes one setting here immediately; where it cannot be saved, that one is as before again. */
function useChange(settings: FeedSettings) {
  const text = useErrorText();
  return <Name extends keyof FeedSettings>(name: Name, value: FeedSettings[Name]) => {
    const before = settings[name];
    if (value === before) return;
    const put = (to: FeedSettings[Name]) =>
      queryClient.setQueryData(feedSettingsQuery.queryKey, (now) => now && { ...now, [name]: to });
    put(value);
    // The feed may be opened before the answer is here, or have been on its way before the question.
    dropFeeds("for-you");
    ask("recommend.setFeedSettings", { body: { [name]: value } }).then(
      () => dropFeeds("for-you"),
      (thrown: unknown) => {
        put(before);
        showToast(text(thrown));
      },
    );
  };
}

export function PersonalSwitch({ settings }: { settings: FeedSettings }) {
  const { t } = useTranslation();
  const change = useChange(settings);
  return (
    <div className="rounded-2xl bg-surface px-4 py-1.5">
      <Toggle
        label={t("yourFeed.personal")}
        text={t("yourFeed.personal.text")}
        isOn={settings.is_personal}
        onChange={(isOn) => change("is_personal", isOn)}
      />
    </div>
  );
}

const names = ["fresh", "following", "popular", "similar"] as const;

/** How much of what the feed has. */
export function Weights({ settings }: { settings: FeedSettings }) {
  const { t } = useTranslation();
  const change = useChange(settings);
  return (
    <section aria-label={t("yourFeed.mix")} className="flex flex-col rounded-2xl bg-surface px-4 pt-3 pb-1">
      {names.map((name) => (
        <Weight
          key={name}
          label={t(`yourFeed.${name}`)}
          saved={settings[name]}
          isDisabled={!settings.is_personal}
          onSave={(weight) => change(name, weight)}
        />
      ))}
    </section>
  );
}

interface WeightProps {
  label: string;
  saved: number;
  isDisabled: boolean;
  onSave: (weight: number) => void;
}

function Weight({ label, saved, isDisabled, onSave }: WeightProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  /** The place of the thumb while it is moved. */
  const [moved, setMoved] = useState<number | null>(null);
  const weight = moved ?? saved;
  const words = t(weightKey(weight));
  // The slider reads out its number; its words say more.
  useLayoutEffect(() => input.current?.setAttribute("aria-valuetext", words));
  const part = `${((weight + weightMax) / (2 * weightMax)) * 100}%`;
  return (
    <div>
      <div aria-hidden className="flex items-baseline gap-3">
        <span className={classNames("min-w-0 flex-1 font-medium", isDisabled && "text-soft")}>{label}</span>
        <span className="text-xs text-soft">{words}</span>
      </div>
      <LeftToRight>
        <Slider
          aria-label={label}
          minValue={-weightMax}
          maxValue={weightMax}
          step={1}
          value={weight}
          isDisabled={isDisabled}
          onChange={setMoved}
          onChangeEnd={(end) => {
            setMoved(null);
            onSave(end);
          }}
          className="mx-2.5 data-[disabled]:opacity-40"
        >
          <SliderTrack className="flex h-10 cursor-pointer items-center data-[disabled]:cursor-default">
            <div className="-mx-2.5 h-1 flex-1 overflow-hidden rounded-full bg-strong">
              <div className="h-full bg-accent" style={{ width: part }} />
            </div>
            <SliderThumb
              inputRef={input}
              className="top-1/2 size-5 rounded-full bg-white shadow-md ring-1 ring-black/15 transition-transform data-[dragging]:scale-115 data-[focus-visible]:outline-2"
            />
          </SliderTrack>
        </Slider>
      </LeftToRight>
    </div>
  );
}
