import { Check, Coins, KeyRound, Lock, type LucideIcon, Mail, Star, Ticket, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { GatePart } from "./gate-rule.ts";
import { type GatePlace, TermStep } from "./term-step.tsx";
import { useTermWords } from "./term-words.ts";

/** A part of the gate: a term, or a heading with the parts below it. */
export function GateTree({ part, path, ...place }: GatePlace & { part: GatePart; path: string }) {
  const { t } = useTranslation();
  const name = part.any === undefined ? "all" : "any";
  const parts = part.any ?? part.all;
  const isRoot = path === "";
  const heading = isRoot ? t(`gate.opensWhen.${parts === undefined ? "one" : name}`) : t(`gate.group.${name}`);
  const Heading = isRoot ? "h2" : "h3";
  if (parts === undefined && !isRoot) return <GateTerm part={part} path={path} {...place} />;
  return (
    <div className="flex flex-col gap-2">
      <Heading className={isRoot ? "text-base font-semibold" : "text-sm font-medium text-soft"}>{heading}</Heading>
      <ul className={isRoot ? "divide-y divide-line" : "divide-y divide-line border-s-2 border-line ps-3"}>
        {(parts ?? [part]).map((inner, index) => {
          const innerPath = parts === undefined ? "" : `${isRoot ? "" : `${path}.`}${name}.${index}`;
          return (
            <li key={innerPath} className="py-3">
              {parts === undefined ? (
                <GateTerm part={inner} path="" {...place} />
              ) : (
                <GateTree part={inner} path={innerPath} {...place} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const icons: Readonly<Record<string, LucideIcon>> = {
  followers: Users,
  password: KeyRound,
  invited: Mail,
  coins: Coins,
  tier: Star,
  tokens: Ticket,
};

interface TermProps extends GatePlace {
  part: GatePart;
  path: string;
}

function GateTerm({ part, path, ...place }: TermProps) {
  const { t } = useTranslation();
  const state = place.view.terms.find((term) => term.path === path);
  const Icon = icons[part.kind ?? ""] ?? Lock;
  const { title, text } = useTermWords(part, state, place.owner);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <span className="grid size-10 shrink-0 place-items-center rounded-full bg-raised">
        <Icon size={18} aria-hidden />
      </span>
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-medium wrap-anywhere">{title}</p>
        <p className="text-sm text-soft wrap-anywhere">{text}</p>
      </div>
      {state?.state === "met" ? (
        <Check size={20} aria-label={t("gate.met")} className="shrink-0 text-good" />
      ) : (
        <TermStep part={part} state={state} {...place} />
      )}
    </div>
  );
}
