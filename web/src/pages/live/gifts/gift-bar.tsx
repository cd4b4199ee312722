import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { GiftIcon } from "#parts/live/gift-icon.tsx";
import { Coins } from "#parts/wallet/coin.tsx";
import { Balance, GiftProblem, Quantity, SendGift, useGiftName } from "./gift-parts.tsx";
import { useGifts } from "./use-gifts.ts";

/** The gifts under the player of a desk: one is chosen, and given. */
export function GiftBar({ live }: { live: Live }) {
  const { t } = useTranslation();
  const gifts = useGifts(live);
  const nameOf = useGiftName();
  return (
    <section aria-label={t("gifts.title")} className="mt-3 rounded-2xl bg-surface px-2 py-2">
      <div className="flex min-h-14 items-center gap-2">
        <div
          role="group"
          aria-label={t("gifts.choose")}
          className="flex min-w-0 flex-1 gap-1 overflow-x-auto p-0.5 [scrollbar-width:none]"
        >
          {gifts.list === undefined && <Skeleton className="h-13 w-full" />}
          {gifts.list?.map((gift) => (
            <BareButton
              key={gift.id}
              aria-pressed={gifts.chosen?.id === gift.id}
              className={classNames(
                "flex min-h-13 shrink-0 items-center gap-2 rounded-xl px-2.5 text-start outline-2 -outline-offset-2 outline-transparent hover:bg-raised",
                gifts.chosen?.id === gift.id && "bg-raised outline-ink!",
              )}
              onPress={() => gifts.choose(gift)}
            >
              <span className="text-2xl leading-none">
                <GiftIcon {...gift} />
              </span>
              <span className="flex flex-col">
                <span className="text-xs font-medium whitespace-nowrap">{nameOf(gift)}</span>
                <Coins amount={gift.price} className="text-xs text-soft" />
              </span>
            </BareButton>
          ))}
        </div>
        <Balance gifts={gifts} className="max-lg:hidden" />
        <Quantity gifts={gifts} />
        <SendGift gifts={gifts} />
      </div>
      <div className="px-2 empty:hidden">
        <GiftProblem gifts={gifts} />
      </div>
    </section>
  );
}
