import { Link } from "@tanstack/react-router";
import { Search, Volume2, VolumeX } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { FeedName } from "#base/api/queries.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { idle } from "#base/ui/loading/idle.ts";

const tabs = [
  { name: "following", to: "/following", text: "feed.tab.following" },
  { name: "for-you", to: "/for-you", text: "feed.tab.forYou" },
  { name: "hot", to: "/hot", text: "feed.tab.hot" },
] as const;

interface FeedTabsProps {
  current: FeedName;
  isMuted: boolean;
  onMute: (isMuted: boolean) => void;
}

const iconClass = "text-shadow-video pointer-events-auto grid size-11 shrink-0 place-items-center rounded-full";

/**
 * A narrow phone has no room for all of them in some languages: the current one is in view. To know where it is takes a
 * layout, for which the first video does not wait.
 */
function reveal(tab: HTMLElement | null): void {
  if (tab !== null) void idle(revealMsMax).then(() => tab.scrollIntoView({ block: "nearest", inline: "nearest" }));
}
const revealMsMax = 1_000;

/** The feeds, over the video, between the sound and the search. */
export function FeedTabs({ current, isMuted, onMute }: FeedTabsProps) {
  const { t } = useTranslation();
  return (
    <div className="feed-head pointer-events-none flex items-center justify-between px-2 text-white">
      <BareButton
        aria-label={t("feed.sound")}
        aria-pressed={!isMuted}
        onPress={() => onMute(!isMuted)}
        className={iconClass}
      >
        {isMuted ? (
          <VolumeX size={24} aria-hidden className="drop-shadow-[0_1px_3px_rgb(0_0_0/0.55)]" />
        ) : (
          <Volume2 size={24} aria-hidden className="drop-shadow-[0_1px_3px_rgb(0_0_0/0.55)]" />
        )}
      </BareButton>
      <div
        role="tablist"
        aria-label={t("feed.tabs")}
        className="text-shadow-video pointer-events-auto flex min-w-0 overflow-x-auto [scrollbar-width:none]"
      >
        {tabs.map(({ name, to, text }) => (
          <Link
            key={name}
            to={to}
            replace
            role="tab"
            aria-selected={name === current}
            ref={name === current ? reveal : null}
            className="relative grid min-h-11 shrink-0 place-items-center px-2.5 text-base font-semibold whitespace-nowrap text-white/80 aria-selected:text-white aria-selected:after:absolute aria-selected:after:bottom-1 aria-selected:after:h-0.75 aria-selected:after:w-6 aria-selected:after:rounded-full aria-selected:after:bg-white"
          >
            {t(text)}
          </Link>
        ))}
      </div>
      <Link to="/search" aria-label={t("nav.search")} className={`${iconClass} sm:invisible`}>
        <Search size={24} aria-hidden className="drop-shadow-[0_1px_3px_rgb(0_0_0/0.55)]" />
      </Link>
    </div>
  );
}
