import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { Tabbed } from "#base/ui/buttons/tabbed.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { GiftIcon } from "#parts/live/gift-icon.tsx";
import { Coins } from "#parts/wallet/coin.tsx";
import { FanClubCard } from "./fan-club.tsx";
import { Balance, GiftProblem, Quantity, SendGift, useGiftName } from "./gift-parts.tsx";
import { GiverList } from "./giver-list.tsx";
import { useGifts } from "./use-gifts.ts";

export type GiftTab = "gifts" | "givers" | "club";

interface GiftSheetProps {
  live: Live;
  first?: GiftTab;
  onClose: () => void;
}

/** Gifts, who gave most, and the fan club of the host: over the picture of a phone, and behind the words of a desk. */
export function GiftSheet({ live, first = "gifts", onClose }: GiftSheetProps) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<GiftTab>(first);
  // Hosts give themselves nothing.
  const tabs = (["gifts", "givers", "club"] as const).filter((name) => name === "givers" || !live.is_mine);
  return (
    <Sheet title={t(`gifts.tab.${tab}`)} isOpen onClose={onClose}>
      <Tabbed
        label={t("gifts.title")}
        tabs={tabs.map((name) => ({ name, text: t(`gifts.tab.${name}`) }))}
        current={tab}
        onChange={setTab}
      >
        <div className="min-h-72">
          {tab === "gifts" && <GiftGrid live={live} />}
          {tab === "givers" && <GiverList liveId={live.id} />}
          {tab === "club" && <FanClubCard live={live} />}
        </div>
      </Tabbed>
    </Sheet>
  );
}

function GiftGrid({ live }: { live: Live }) {
  const { t } = useTranslation();
  const gifts = useGifts(live);
  const nameOf = useGiftName();
  return (
    <div className="flex flex-col gap-4">
      <div role="group" aria-label={t("gifts.choose")} className="grid grid-cols-3 gap-1.5">
        {gifts.list?.map((gift) => (
          <BareButton
            key={gift.id}
            aria-pressed={gifts.chosen?.id === gift.id}
            className={classNames(
              "flex flex-col items-center gap-1 rounded-xl px-1 py-2.5 outline-2 -outline-offset-2 outline-transparent",
              gifts.chosen?.id === gift.id && "bg-raised outline-ink!",
            )}
            onPress={() => gifts.choose(gift)}
          >
            <span className="text-3xl leading-tight">
              <GiftIcon {...gift} />
            </span>
            <span className="max-w-full truncate text-sm font-medium">{nameOf(gift)}</span>
            <Coins amount={gift.price} className="text-xs text-soft" />
          </BareButton>
        ))}
      </div>
      <GiftProblem gifts={gifts} />
      <div className="flex items-center gap-2">
        <Balance gifts={gifts} className="me-auto" />
        <Quantity gifts={gifts} />
        <SendGift gifts={gifts} className="min-w-28" />
      </div>
    </div>
  );
}
