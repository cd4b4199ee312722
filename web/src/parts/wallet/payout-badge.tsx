import { useTranslation } from "react-i18next";
import type { Payout } from "#base/api/types.ts";
import { classNames } from "#base/ui/class-names.ts";

const statusLooks: Record<Payout["status"], string> = {
  pending: "bg-warn/12 text-warn",
  approved: "bg-good/15 text-good",
  paid: "bg-good/15 text-good",
  refused: "bg-bad/12 text-bad",
  expired: "bg-raised text-soft",
};

/** How far a payout is. */
export function PayoutBadge({ status }: Pick<Payout, "status">) {
  const { t } = useTranslation();
  return (
    <span
      className={classNames("rounded-full px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap", statusLooks[status])}
    >
      {t(`wallet.status.${status}`)}
    </span>
  );
}
