import type { TFunction } from "i18next";
import type { Gate } from "#base/api/types.ts";
import { formatNumber } from "#base/format/format.ts";

/** A part of a gate, on any level. */
export interface GatePart extends Omit<Gate, "any" | "all"> {
  readonly any?: readonly GatePart[];
  readonly all?: readonly GatePart[];
}

/** The name of a chain by its number. */
export type ChainName = (chainId: number) => string;

/** An address in the length that people compare: `0x8a1c…90d4`. Pure. */
export const shortAddress = (address: string): string =>
  address.length > 14 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address;

interface Words {
  readonly t: TFunction;
  readonly language: string;
  readonly chainName: ChainName;
}

/** A gate in a sentence, for its owner to read back. Pure. */
export const gateSentence = (gate: GatePart, words: Words): string =>
  words.t("gate.sentence", { rule: ruleOf(gate, words, false) });

/** A part of a gate in words, as the sentence has it. Pure. */
export const gateRule = (part: GatePart, words: Words): string => ruleOf(part, words, false);

function ruleOf(part: GatePart, words: Words, isNested: boolean): string {
  const { t, language } = words;
  const parts = part.any ?? part.all;
  if (parts === undefined) return termRule(part, words);
  const list = new Intl.ListFormat(language, { type: part.any === undefined ? "conjunction" : "disjunction" });
  const rule = list.format(parts.map((inner) => ruleOf(inner, words, true)));
  return isNested && parts.length > 1 ? t("gate.rule.group", { rule }) : rule;
}

function termRule(part: GatePart, { t, language, chainName }: Words): string {
  const price = part.price ?? 0;
  const formatted = formatNumber(price, language);
  switch (part.kind) {
    case "followers":
      return part.since_days ? t("gate.rule.followers.days", { count: part.since_days }) : t("gate.rule.followers");
    case "coins":
      return part.rent_hours
        ? t("gate.rule.rent", { price: formatted, count: part.rent_hours })
        : t("gate.rule.coins", { count: price, formatted });
    case "tier":
      return t("gate.rule.tier", { level: part.tier_id ?? 1 });
    case "tokens":
      return t("gate.rule.tokens", {
        min: part.min ?? "1",
        contract: shortAddress(part.contract ?? ""),
        chain: chainName(part.chain_id ?? 0),
      });
    case "invited":
      return t("gate.rule.invited");
    default:
      return t("gate.rule.password");
  }
}
