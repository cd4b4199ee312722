import { useTranslation } from "react-i18next";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import type { LivePlayer } from "./use-live-player.ts";

/** How far behind live one is, which is also the way back. */
export function EdgeButton({ player, className }: { player: LivePlayer; className: string }) {
  const { t, i18n } = useTranslation();
  const { delayS } = player;
  if (delayS === null) return null;
  const seconds = new Intl.NumberFormat(i18n.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return (
    <BareButton
      onPress={player.toEdge}
      className={classNames(
        "tabular inline-flex items-center gap-2 rounded-full font-medium whitespace-nowrap hover:bg-white/25",
        className,
      )}
    >
      <span aria-hidden className={`size-2 rounded-full ${player.isAtEdge ? "bg-live" : "bg-white/60"}`} />
      {player.isAtEdge ? t("live.behind", { seconds: seconds.format(delayS) }) : t("live.toEdge")}
    </BareButton>
  );
}
