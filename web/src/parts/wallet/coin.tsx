import { useTranslation } from "react-i18next";
import { formatNumber } from "#base/format/format.ts";
import { classNames } from "#base/ui/class-names.ts";

/** An amount of coins. */
export function Coins({ amount, className }: { amount: number; className?: string }) {
  const { i18n } = useTranslation();
  return (
    <span className={classNames("tabular inline-flex items-center gap-1 whitespace-nowrap", className)}>
      <CoinDrawing />
      {formatNumber(amount, i18n.language)}
    </span>
  );
}

/** The sign of a coin. Decorative: what stands beside it says what it is. */
export const CoinDrawing = ({ className = "size-3.5" }: { className?: string }) => (
  <svg viewBox="0 0 16 16" aria-hidden className={`shrink-0 ${className}`}>
    <circle cx="8" cy="8" r="7.5" fill="#e8a317" />
    <circle cx="8" cy="8" r="5.5" fill="#ffd166" />
    <path d="M5.2 10.8 9.6 4.6" stroke="#fff3cf" strokeWidth="1.6" strokeLinecap="round" />
  </svg>
);
