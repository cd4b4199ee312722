import { useTranslation } from "react-i18next";
import type { StatementEntry } from "#base/api/types.ts";

/** The purpose of a move of coins, in words. */
export function useStatementText(): (entry: StatementEntry) => string {
  const { t } = useTranslation();
  return ({ kind, amount, user }) => {
    const name = user === null ? t("wallet.someone") : user.nickname || user.username;
    if (kind === "gift") return t(amount < 0 ? "wallet.kind.giftTo" : "wallet.kind.giftFrom", { name });
    if (kind === "payout") return t(amount < 0 ? "wallet.kind.payout" : "wallet.kind.payoutBack");
    return t(`wallet.kind.${kind}`);
  };
}
