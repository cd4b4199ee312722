import type { z } from "zod";
import type { Advice, Overview } from "../contract.ts";

export interface Facts extends Omit<z.output<typeof Overview>, "advice"> {
  /** Services that did not answer. */
  readonly away: readonly string[];
  readonly hasMail: boolean;
  readonly hasPublicUrl: boolean;
  readonly nowMs: number;
}
/** Every code of advice: the web app has a sentence for each. */
export const adviceCodes = [
  "service.away",
  "storage.full_soon",
  "component.faulty",
  "jobs.failed",
  "reports.old",
  "backup.none",
  "backup.old",
  "public_url.none",
  "mail.none",
] as const;
type OneAdvice = z.output<typeof Advice> & { readonly code: (typeof adviceCodes)[number] };

const [fullSoonDays, fullNowDays] = [30, 3];
const oldReportHours = 24;
const oldBackupDays = 7;
const dayMs = 86_400_000;

/**
 * The things that need an administrator, the most pressing first, each with the page of the web app to act on. Pure.
 */
export function adviceOn(facts: Facts): OneAdvice[] {
  const { storage, reports, processing, components, backup, away, hasMail, hasPublicUrl, nowMs } = facts;
  const days = storage?.daysLeft ?? Number.POSITIVE_INFINITY;
  const backupDays = backup === null ? 0 : Math.floor((nowMs - backup.atMs) / dayMs);
  const candidates: (OneAdvice | false)[] = [
    ...away.map((name): OneAdvice => ({ code: "service.away", severity: "error", values: { name }, path: "/admin" })),
    days <= fullSoonDays && {
      code: "storage.full_soon",
      severity: days <= fullNowDays ? "error" : "warning",
      values: { days },
      path: "/admin/storage",
    },
    ...components
      .filter(({ state }) => state !== "ok")
      .map(
        ({ name }): OneAdvice => ({
          code: "component.faulty",
          severity: "warning",
          values: { name },
          path: "/admin/media",
        }),
      ),
    processing !== null &&
      processing.failed > 0 && {
        code: "jobs.failed",
        severity: "warning",
        values: { count: processing.failed },
        path: "/admin",
      },
    reports !== null &&
      reports.oldestHours >= oldReportHours && {
        code: "reports.old",
        severity: "warning",
        values: { count: reports.open + reports.held, hours: reports.oldestHours },
        path: "/moderation",
      },
    backup === null && { code: "backup.none", severity: "warning", values: {}, path: "/admin/storage" },
    backupDays >= oldBackupDays && {
      code: "backup.old",
      severity: "warning",
      values: { days: backupDays },
      path: "/admin/storage",
    },
    !hasPublicUrl && {
      code: "public_url.none",
      // Links in mails lead to an address that readers elsewhere cannot open.
      severity: hasMail ? "warning" : "info",
      values: {},
      path: "/admin/site",
    },
    !hasMail && { code: "mail.none", severity: "info", values: {}, path: "/admin/site" },
  ];
  const advices = candidates.filter((candidate) => candidate !== false);
  return severities.flatMap((severity) => advices.filter((advice) => advice.severity === severity));
}

const severities = ["error", "warning", "info"] as const;
