import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Marks moderators and administrators beside their name, which anyone may imitate; nothing for others. */
export function StaffBadge({ role }: { role: "user" | "moderator" | "admin" | undefined }) {
  const { t } = useTranslation();
  if (role === undefined || role === "user") return null;
  return (
    <span className="inline-flex items-center gap-1 rounded bg-raised px-1.5 text-xs font-medium whitespace-nowrap">
      <ShieldCheck size={12} aria-hidden />
      {t(`staff.${role}`)}
    </span>
  );
}
