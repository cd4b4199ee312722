import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { RichText } from "#base/text/rich-text.tsx";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import type { GiftTab } from "../gifts/gift-sheet.tsx";
import { RoomFacts } from "./room-facts.tsx";

const GiftSheet = lazySheet(() => import("../gifts/gift-sheet.tsx"), "GiftSheet");
const ShopSheet = lazySheet(() => import("../products/shop-sheet.tsx"), "ShopSheet");

export type RoomSheet = GiftTab | "shop" | "about";

/** The sheets of a room, one at a time, and the way to open them. */
export function useRoomSheets(live: Live): { open: (sheet: RoomSheet) => void; sheet: ReactNode } {
  const [which, setWhich] = useState<RoomSheet | null>(null);
  const onClose = () => setWhich(null);
  const sheet =
    which === null ? null : which === "shop" ? (
      <ShopSheet {...{ live, onClose }} />
    ) : which === "about" ? (
      <About {...{ live, onClose }} />
    ) : (
      <GiftSheet {...{ live, onClose }} first={which} />
    );
  return { open: setWhich, sheet };
}

/** The subject of a stream, for a phone. */
function About({ live, onClose }: { live: Live; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet title={t("room.about")} isOpen onClose={onClose}>
      <p className="text-base font-semibold text-pretty">
        <bdi>{live.title}</bdi>
      </p>
      <RoomFacts live={live} className="text-soft" />
      {live.description !== "" && (
        <div dir="auto" className="mt-3 text-base whitespace-pre-line">
          <RichText text={live.description} />
        </div>
      )}
    </Sheet>
  );
}
