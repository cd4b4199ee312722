import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { instanceQuery } from "#base/api/queries.ts";
import type { ModerationCase } from "#base/api/types.ts";
import { Select } from "#base/ui/fields/select.tsx";
import { rulesOf } from "./site-rules.ts";

/** A longer rule is cut in the row that was chosen. */
const rowMax = 30;

interface BrokenRuleProps {
  item: ModerationCase;
  /** The chosen one; empty for none. */
  rule: string;
  onRule: (rule: string) => void;
}

/** The rule of the site that was broken: chosen while the case is open, named with its decision after that. */
export function BrokenRule({ item, rule, onRule }: BrokenRuleProps) {
  const { t } = useTranslation();
  const { data } = useQuery(instanceQuery);
  const rules = rulesOf(data?.rules ?? "");
  if (item.state === "decided") return item.rule === "" ? null : <Rule text={item.rule} hasTitle />;
  if (rules.length === 0) return null;
  return (
    <section className="flex flex-col gap-2">
      <Select
        label={t("cases.rule")}
        value={String(rules.indexOf(rule))}
        onChange={(place) => onRule(rules[Number(place)] ?? "")}
        options={[
          { value: "-1", name: t("cases.rule.none") },
          ...rules.map((name, place) => ({ value: String(place), name })),
        ]}
      />
      {rule.length > rowMax && <Rule text={rule} />}
    </section>
  );
}

function Rule({ text, hasTitle = false }: { text: string; hasTitle?: boolean }) {
  const { t } = useTranslation();
  return (
    <div>
      {hasTitle && <h3 className="text-sm font-semibold">{t("cases.rule")}</h3>}
      <p className="text-sm break-words text-soft">{text}</p>
    </div>
  );
}
