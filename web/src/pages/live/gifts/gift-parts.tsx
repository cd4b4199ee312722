import { Link } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Gift } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useServerName } from "#parts/live/server-name.ts";
import { Coins } from "#parts/wallet/coin.tsx";
import { type Gifts, quantities } from "./use-gifts.ts";

export const useGiftName = (): ((gift: Pick<Gift, "slug" | "name">) => string) => {
  const nameOf = useServerName();
  return ({ slug, name }) => nameOf("gift", slug, name);
};

/** How many are given with one press. */
export function Quantity({ gifts }: { gifts: Gifts }) {
  const { t } = useTranslation();
  return (
    <MoreMenu
      label={`${t("gifts.quantity")}: ${gifts.quantity}`}
      side="start"
      className="tabular inline-flex min-h-11 items-center gap-1 rounded-full bg-raised px-3 text-sm font-semibold hover:bg-strong pointer-fine:min-h-9"
      actions={quantities.map((quantity) => ({
        id: String(quantity),
        text: `×${quantity}`,
        isChosen: gifts.quantity === quantity,
        run: () => gifts.setQuantity(quantity),
      }))}
    >
      ×{gifts.quantity}
      <ChevronDown size={16} aria-hidden />
    </MoreMenu>
  );
}

/** Gives what is chosen; while a combo goes on, it says how far it is and how long it lasts. */
export function SendGift({ gifts, className }: { gifts: Gifts; className?: string }) {
  const { t } = useTranslation();
  const { combo, chosen } = gifts;
  return (
    <Button
      look="main"
      isDisabled={chosen === undefined}
      className={classNames("relative overflow-hidden rounded-full!", className)}
      onPress={gifts.send}
    >
      {combo > 0 && (
        <span key={combo} aria-hidden className="combo-time absolute inset-x-0 bottom-0 h-1 bg-on-accent/60" />
      )}
      {combo > 0 ? <span className="tabular">{t("gifts.combo", { count: combo })}</span> : t("gifts.send")}
    </Button>
  );
}

/** The balance of the viewer, with a link to the wallet. */
export function Balance({ gifts, className }: { gifts: Gifts; className?: string }) {
  const { t } = useTranslation();
  if (gifts.balance === undefined) return null;
  return (
    <Link to="/me/wallet" className={classNames("flex flex-col rounded-lg px-1 hover:underline", className)}>
      <span className="text-xs text-soft">{t("gifts.balance")}</span>
      <Coins amount={gifts.balance} className="text-sm font-semibold" />
    </Link>
  );
}

/** Why a gift was not given. */
export function GiftProblem({ gifts }: { gifts: Gifts }) {
  const { t } = useTranslation();
  const { problem, isTooExpensive } = gifts;
  if (problem === null && !isTooExpensive) return null;
  return (
    <p role="alert" className="flex flex-wrap items-center gap-x-3 text-sm text-warn">
      {problem?.text ?? t("gifts.tooFew")}
      {(problem === null || problem.isWallet) && (
        <Link to="/me/wallet" className="font-semibold text-ink underline underline-offset-4">
          {t("gifts.wallet")}
        </Link>
      )}
    </p>
  );
}
