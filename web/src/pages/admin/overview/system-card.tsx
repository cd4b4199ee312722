import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { instanceQuery } from "#base/api/queries.ts";
import type { Overview } from "#base/api/types.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { displayName } from "./advice.ts";
import { Away, Card } from "./card.tsx";

interface SystemCardProps {
  overview: Pick<Overview, "components" | "backup" | "reports" | "live" | "advice">;
  checkedAtMs: number;
}
const oldReportHours = 24;

/** The components that keep the instance going, each with its state and the time of the last check. */
export function SystemCard({ overview: { components, backup, reports, live, advice }, checkedAtMs }: SystemCardProps) {
  const { t, i18n } = useTranslation();
  const hasOldBackup = advice.some(({ code }) => code === "backup.old");
  const waitingCases = reports === null ? 0 : reports.open + reports.held;
  const date = (at: string) => formatDate(Date.parse(at), i18n.language);
  return (
    <Card title={t("overview.system")}>
      <ul className="flex flex-col gap-3">
        {reports === null ? (
          <li>
            <Away />
          </li>
        ) : (
          <Row
            isGood={waitingCases === 0 || reports.oldest_hours < oldReportHours}
            title={
              <Link to="/moderation" className="hover:underline">
                {waitingCases === 0
                  ? t("overview.reports.none")
                  : [
                      reports.open > 0 && t("overview.reports", { count: reports.open }),
                      reports.held > 0 && t("overview.held", { count: reports.held }),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
              </Link>
            }
            text={
              waitingCases === 0
                ? t("overview.reports.none.text")
                : reports.oldest_hours === 0
                  ? t("overview.reports.new")
                  : t("overview.reports.oldest", { count: reports.oldest_hours })
            }
          />
        )}
        {backup === null ? (
          <Row isGood={false} title={t("overview.backup.none")} text={t("overview.backup.none.text")} />
        ) : (
          <Row
            isGood={!hasOldBackup}
            title={t("overview.backup")}
            text={[
              date(backup.at),
              backup.verified_at !== null && t("overview.backup.verified", { date: date(backup.verified_at) }),
            ]
              .filter(Boolean)
              .join(" · ")}
          />
        )}
        <MailRow />
        {live !== null && (
          <Row
            isGood
            title={
              <Link to="/live" className="hover:underline">
                {live.rooms === 0 ? t("overview.live.none") : t("overview.live", { count: live.rooms })}
              </Link>
            }
            text={live.rooms === 0 ? t("overview.live.none.text") : t("overview.live.viewers", { count: live.viewers })}
          />
        )}
        {components.map((component) => (
          <ComponentRow key={component.name} component={component} />
        ))}
      </ul>
      <Checked atMs={checkedAtMs} />
    </Card>
  );
}

function MailRow() {
  const { t } = useTranslation();
  const { data } = useQuery(instanceQuery);
  const hasMail = data?.features.includes("mail");
  // The row has its height before that is known.
  return (
    <Row
      isGood={hasMail !== false}
      title={
        <Link to="/admin/site" hash="mail" className="hover:underline">
          {t(hasMail === false ? "overview.mail.off" : "overview.mail.on")}
        </Link>
      }
      text={t(hasMail === false ? "overview.mail.off.text" : "overview.mail.on.text")}
    />
  );
}

function ComponentRow({ component: { name, version, state, faults } }: { component: Overview["components"][number] }) {
  const { t } = useTranslation();
  const title = [displayName(name), version].filter(Boolean).join(" ");
  if (state === "missing") return <Row isGood={false} title={title} text={t("overview.component.missing")} />;
  // Faults of a version are looked up for some components alone; others show just their version.
  if (state === "faulty") return <Row isGood={false} title={title} text={t("overview.component.faulty", { faults })} />;
  return <Row isGood title={title} {...(faults !== null && { text: t("overview.component.fine") })} />;
}

function Row({ isGood, title, text }: { isGood: boolean; title: ReactNode; text?: string }) {
  const { t } = useTranslation();
  return (
    <li className="flex items-start gap-3">
      {isGood ? (
        <Check size={18} strokeWidth={2.5} role="img" aria-label={t("overview.fine")} className="shrink-0 text-good" />
      ) : (
        <TriangleAlert size={18} role="img" aria-label={t("overview.attentionMark")} className="shrink-0 text-warn" />
      )}
      <div className="min-w-0">
        <p className="text-sm font-medium break-words">{title}</p>
        {text !== undefined && <p className="text-xs break-words text-soft">{text}</p>}
      </div>
    </li>
  );
}

const tickMs = 10_000;

/** When all of this was looked at. */
function Checked({ atMs }: { atMs: number }) {
  const { t, i18n } = useTranslation();
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="mt-auto border-t border-line pt-3 text-xs text-soft" title={formatDate(atMs, i18n.language)}>
      {t("overview.checked", { time: formatAgo(atMs, Math.max(atMs, nowMs), i18n.language) })}
    </p>
  );
}
