import { Clock, Link2, type LucideIcon, MessageSquareOff, UserCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { Operations } from "#base/api/types.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { useRoomView } from "../feed/use-room-feed.ts";

type Change = Operations["live.setChat"]["body"];
/** Seconds between two messages of one viewer. */
const paces = [0, 3, 5, 10, 30, 60, 300] as const;

const chipClass = (isOn: boolean) =>
  classNames(
    "inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-full px-3 text-xs font-semibold whitespace-nowrap",
    isOn ? "bg-ink text-page" : "bg-raised hover:bg-strong",
  );

/** The rules of the chat in one line, each a press away. */
export function RuleChips({ liveId, onWords }: { liveId: number; onWords: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const rules = useRoomView((view) => view.rules);
  if (rules === null) return null;
  // The room says to all what has changed, and so to this page.
  const set = (body: Change) =>
    void ask("live.setChat", { path: { id: liveId }, body }).catch((thrown: unknown) => showToast(text(thrown)));
  const timeOf = (count: number) =>
    count === 0
      ? t("mod.slow.off")
      : count % 60 === 0
        ? t("room.minutes", { count: count / 60 })
        : t("room.seconds", { count });
  const isSlow = rules.slowModeS > 0;
  return (
    <div className="flex flex-wrap gap-2">
      <MoreMenu
        label={t("mod.slow")}
        side="start"
        className={chipClass(isSlow)}
        actions={paces.map((seconds) => ({
          id: String(seconds),
          text: timeOf(seconds),
          isChosen: seconds === rules.slowModeS,
          run: () => set({ slow_mode: seconds }),
        }))}
      >
        <Clock size={14} aria-hidden />
        {isSlow ? t("room.slow", { time: timeOf(rules.slowModeS) }) : t("mod.slow")}
      </MoreMenu>
      <Chip
        name={t("mod.followers")}
        Icon={UserCheck}
        isOn={rules.followersOnly}
        onChange={(isOn) => set({ followers_only: isOn })}
      />
      <Chip name={t("mod.links")} Icon={Link2} isOn={rules.holdLinks} onChange={(isOn) => set({ hold_links: isOn })} />
      <BareButton className={chipClass(false)} onPress={onWords}>
        {t("mod.words")}
      </BareButton>
      <Chip
        name={t("room.chat.closed")}
        Icon={MessageSquareOff}
        isOn={!rules.isOpen}
        onChange={(isClosed) => set({ is_open: !isClosed })}
      />
    </div>
  );
}

interface ChipProps {
  name: string;
  Icon: LucideIcon;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function Chip({ name, Icon, isOn, onChange }: ChipProps) {
  return (
    <BareButton aria-pressed={isOn} className={chipClass(isOn)} onPress={() => onChange(!isOn)}>
      <Icon size={14} aria-hidden />
      {name}
    </BareButton>
  );
}
