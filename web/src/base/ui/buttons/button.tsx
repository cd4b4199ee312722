import { Link, type LinkProps } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "../class-names.ts";
import { BareButton, type BareButtonProps } from "./bare-button.tsx";

export type Look = "main" | "inverse" | "plain" | "ghost" | "danger";

const looks: Record<Look, string> = {
  main: "bg-accent text-on-accent hover:bg-accent-strong active:bg-accent-strong",
  inverse: "bg-ink text-page hover:opacity-90 active:opacity-90",
  plain: "bg-raised text-ink hover:bg-strong active:bg-strong",
  ghost: "text-ink hover:bg-raised active:bg-raised",
  danger: "bg-raised text-bad hover:bg-strong active:bg-strong",
};

/** The shape shared by buttons and by links that look like one. */
export const buttonClass = (look: Look = "plain", extra = ""): string =>
  classNames(
    "inline-flex min-h-11 shrink-0 items-center justify-center gap-2 rounded-lg px-4 py-1.5 text-center text-sm font-semibold whitespace-nowrap pointer-fine:min-h-9 pointer-fine:px-3.5",
    "transition-[background-color,transform,opacity] select-none active:scale-[0.98]",
    "disabled:opacity-50",
    looks[look],
    extra,
  );

interface Extra {
  look?: Look;
  className?: string;
  children?: ReactNode;
}

interface ButtonProps extends Omit<BareButtonProps, "className" | "children">, Extra {
  /** Its action is under way. It keeps the focus; its owner ignores a second press. */
  isBusy?: boolean;
}

export function Button({ look = "plain", className, isBusy = false, children, ...props }: ButtonProps) {
  return (
    <BareButton {...props} className={buttonClass(look, className)}>
      {isBusy && <LoaderCircle size={18} aria-hidden className="animate-spin" />}
      {children}
    </BareButton>
  );
}

/** A link that is the one thing to do next. */
export function LinkButton({ look = "plain", className, ...props }: LinkProps & Extra & { "aria-label"?: string }) {
  return <Link {...props} className={buttonClass(look, className)} />;
}

/** A round button with an icon only; `label` is its name. */
export function IconButton({
  label,
  className,
  ...props
}: Omit<BareButtonProps, "aria-label"> & {
  label: string;
}) {
  return (
    <BareButton
      {...props}
      aria-label={label}
      className={classNames(
        "inline-flex size-11 shrink-0 items-center justify-center rounded-full pointer-fine:size-10 transition-[background-color,transform]",
        "active:scale-90 disabled:opacity-40",
        className ?? "hover:bg-raised",
      )}
    />
  );
}
