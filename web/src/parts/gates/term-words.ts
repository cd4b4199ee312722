import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { GateTermState, User } from "#base/api/types.ts";
import { formatNumber } from "#base/format/format.ts";
import { walletQuery } from "#parts/wallet/queries.ts";
import { type ChainName, type GatePart, shortAddress } from "./gate-rule.ts";
import { chainsQuery } from "./queries.ts";

/** A term as viewers read it, with what they have of it. */
export function useTermWords(part: GatePart, state: GateTermState | undefined, owner: User) {
  const { t, i18n } = useTranslation();
  const chains = useQuery({ ...chainsQuery, enabled: part.kind === "tokens" });
  const wallet = useQuery({ ...walletQuery, enabled: part.kind === "coins" && state?.needs === "pay" });
  const name = owner.nickname || owner.username;
  const number = (value: number) => formatNumber(value, i18n.language);
  const chainName: ChainName = (id) =>
    chains.data?.list.find(({ chain_id: chainId }) => chainId === id)?.name ?? String(id);
  switch (part.kind) {
    case "followers": {
      const days = part.since_days ?? 0;
      const text = days > 0 ? t("gate.follow.days", { count: days }) : t("gate.follow.now");
      return { title: t("gate.follow", { name }), text };
    }
    case "coins": {
      const price = part.price ?? 0;
      const how = part.rent_hours ? t("gate.coins.rent", { count: part.rent_hours }) : t("gate.coins.keep");
      const coins = wallet.data && wallet.data.balance - wallet.data.gift_balance;
      const text = coins === undefined ? how : t("gate.coins.have", { text: how, formatted: number(coins) });
      return { title: t("gate.coins", { count: price, formatted: number(price) }), text };
    }
    case "tier":
      return { title: t("gate.tier", { level: part.tier_id ?? 1 }), text: t("gate.tier.text", { name }) };
    case "tokens": {
      const chain = chainName(part.chain_id ?? 0);
      const held = { chain, contract: shortAddress(part.contract ?? ""), min: part.min ?? "1" };
      const text =
        state?.state === "waiting_for_finality"
          ? t("gate.tokens.waiting")
          : state?.state === "unknown"
            ? t("gate.tokens.silent", { chain })
            : held.min === "1"
              ? t("gate.tokens.text", held)
              : t("gate.tokens.min", held);
      return { title: t("gate.tokens"), text };
    }
    case "invited":
      return { title: t("gate.invited"), text: t("gate.invited.text", { name }) };
    default:
      return { title: t("gate.password"), text: t("gate.password.text", { name }) };
  }
}
