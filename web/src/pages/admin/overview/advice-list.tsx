import { CircleAlert, Info, type LucideIcon, Server, ShieldCheck, TriangleAlert, Zap } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Advice } from "#base/api/types.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Button, LinkButton, type Look } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { adminPaths } from "../frame/admin-items.tsx";
import { adviceText } from "./advice.ts";
import { cardClass } from "./card.tsx";

const looks: Record<Advice["severity"], { className: string; Icon: LucideIcon }> = {
  error: { className: "bg-bad/12 text-bad", Icon: CircleAlert },
  warning: { className: "bg-warn/12 text-warn", Icon: TriangleAlert },
  info: { className: "bg-raised text-soft", Icon: Info },
};
const icons: Readonly<Record<string, LucideIcon>> = {
  "storage.full_soon": Server,
  "reports.old": ShieldCheck,
  "jobs.failed": Zap,
};
/** The parts of pages that advice is about. */
const places: Readonly<Record<string, string>> = {
  "jobs.failed": "processing",
  "mail.none": "mail",
  "public_url.none": "mail",
};

interface AdviceListProps {
  advice: readonly Advice[];
  onCheck: () => void;
}

/** Advice to an administrator: a fact, its reason, and one thing to press. The most pressing comes first. */
export function AdviceList({ advice, onCheck }: AdviceListProps) {
  const { t } = useTranslation();
  return (
    <ul aria-label={t("overview.advice")} className={`${cardClass} divide-y divide-line p-0!`}>
      {advice.map((piece, place) => (
        <li
          key={`${piece.code} ${piece.values.name ?? ""}`}
          className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-3 p-4 sm:grid-cols-[auto_minmax(0,1fr)_auto]"
        >
          <Words advice={piece} />
          <div className="col-start-2 sm:col-start-3">
            <Action
              advice={piece}
              look={place === 0 && piece.severity !== "info" ? "main" : "plain"}
              onCheck={onCheck}
            />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Words({ advice }: { advice: Advice }) {
  const { i18n } = useTranslation();
  const { title, why } = adviceText(advice, textsOf(i18n.language));
  const { className, Icon: severityIcon } = looks[advice.severity];
  const Icon = icons[advice.code] ?? severityIcon;
  return (
    <>
      <span className={classNames("grid size-10 place-items-center self-start rounded-full", className)}>
        <Icon size={20} aria-hidden />
      </span>
      <div className="min-w-0">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-sm text-pretty text-soft">{why}</p>
      </div>
    </>
  );
}

function Action({ advice, look, onCheck }: { advice: Advice; look: Look; onCheck: () => void }) {
  const { i18n } = useTranslation();
  const { action } = adviceText(advice, textsOf(i18n.language));
  if (advice.code === "service.away")
    return (
      <Button look={look} onPress={onCheck}>
        {action}
      </Button>
    );
  // A newer server may name a page that this app does not have.
  const to = adminPaths.find((path) => path === advice.path) ?? "/admin";
  const hash = places[advice.code];
  return (
    <LinkButton to={to} {...(hash !== undefined && { hash })} look={look}>
      {action}
    </LinkButton>
  );
}
