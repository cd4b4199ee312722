import { useTranslation } from "react-i18next";
import { classNames } from "#base/ui/class-names.ts";

/** How much is new behind an icon, at its corner. Screen readers have {@link Unread} after the name instead. */
export function Badge({ count, className }: { count: number; className?: string }) {
  if (count === 0) return null;
  return (
    <span
      aria-hidden
      className={classNames(
        "tabular w-max min-w-4.5 rounded-full bg-accent px-1 text-center text-[12px]/4.5 font-semibold text-on-accent ring-2 ring-page",
        className,
      )}
    >
      {count > 99 ? "99+" : count}
    </span>
  );
}

/** How much is new, for screen readers. */
export function Unread({ count }: { count: number }) {
  const { t } = useTranslation();
  return count > 0 && <span className="sr-only">, {t("nav.unread", { count })}</span>;
}
