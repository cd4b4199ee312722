import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Gift } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { GiftIcon } from "#parts/live/gift-icon.tsx";
import { type GiftLine, lineOf, nameOf } from "../feed/lines.ts";
import { useFollowedRoom } from "../feed/use-room-feed.ts";
import { type Banner, stillShown, withGift } from "./banners.ts";
import { useGiftName } from "./gift-parts.tsx";
import { giftsQuery } from "./queries.ts";

interface Effect {
  readonly id: number;
  readonly slug: string;
  readonly icon: string;
  readonly animation: Gift["animation"];
}
/** More of them at a time would only cover the picture. */
const effectsMax = 4;

/** Gifts over the picture, with their givers and movements. The messages say the same to a screen reader. */
export function GiftOverlay({ className }: { className: string }) {
  const { banners, effects, ended } = useShownGifts();
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 overflow-hidden">
      {effects.map(({ id, slug, icon, animation }) => (
        <span key={id} data-animation={animation} className="gift-effect" onAnimationEnd={() => ended(id)}>
          {animation === "burst" ? (
            Array.from({ length: 7 }, (_, place) => (
              <span key={place} style={{ "--turn": `${(place * 360) / 7}deg` }}>
                <GiftIcon slug={slug} icon={icon} />
              </span>
            ))
          ) : (
            <GiftIcon slug={slug} icon={icon} />
          )}
        </span>
      ))}
      <div className={classNames("absolute start-3 flex flex-col items-start gap-2", className)}>
        {banners.map((banner) => (
          <GiftBanner key={banner.key} banner={banner} />
        ))}
      </div>
    </div>
  );
}

function GiftBanner({ banner: { gift, count } }: { banner: Banner }) {
  const { t } = useTranslation();
  const giftName = useGiftName();
  const name = nameOf(gift) || t("room.nameless");
  return (
    <div className="gift-banner flex h-11 items-center gap-2.5 rounded-full bg-linear-to-r from-[#5b2a86]/95 to-[#5b2a86]/45 p-1 pe-4 text-white">
      <Avatar user={{ ...gift, id: gift.userId, username: name }} size="comment" />
      <span className="flex max-w-40 min-w-0 flex-col">
        <bdi className="truncate text-sm/4 font-semibold">{name}</bdi>
        <span className="truncate text-xs/4 text-white/85">
          {t("room.sentGift", { gift: giftName({ slug: gift.giftSlug, name: gift.giftName }) })}
        </span>
      </span>
      <span className="text-2xl">
        <GiftIcon slug={gift.giftSlug} icon={gift.icon} />
      </span>
      <span key={count} className="tabular animate-pop text-xl font-bold text-[#ffd166]">
        ×{count}
      </span>
    </div>
  );
}

/** The gifts that are shown now. */
function useShownGifts() {
  const room = useFollowedRoom();
  const { data } = useQuery(giftsQuery);
  const [banners, setBanners] = useState<readonly Banner[]>([]);
  const [effects, setEffects] = useState<readonly Effect[]>([]);
  const list = data?.list;
  useEffect(() => {
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const show = (gift: GiftLine) => {
      setBanners((before) => withGift(before, gift, Date.now()));
      const animation = list?.find(({ id }) => id === gift.giftId)?.animation;
      // An animation on a hidden page would wait for its end.
      if (isStill || document.hidden || animation === undefined) return;
      setEffects((before) =>
        [...before, { id: gift.seq, slug: gift.giftSlug, icon: gift.icon, animation }].slice(-effectsMax),
      );
    };
    return room.listen((frame) => {
      const line = lineOf(frame);
      if (line?.kind === "gift") show(line);
    });
  }, [room, list]);
  const hasBanners = banners.length > 0;
  useEffect(() => {
    if (!hasBanners) return undefined;
    const timer = setInterval(() => setBanners((before) => stillShown(before, Date.now())), 500);
    return () => clearInterval(timer);
  }, [hasBanners]);
  return {
    banners,
    effects,
    ended: (id: number) => setEffects((before) => before.filter((effect) => effect.id !== id)),
  };
}
