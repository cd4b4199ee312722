import { classNames } from "../class-names.ts";

/** The drawing of a small switch, inside of a `Switch` that is the `group`. */
export const SwitchKnob = ({ className }: { className?: string }) => (
  <span
    className={classNames(
      "flex h-5 w-9 items-center rounded-full bg-strong p-0.5 transition-colors group-data-[focus-visible]:outline-2 group-data-[selected]:bg-accent",
      className,
    )}
  >
    <span className="size-4 rounded-full bg-white transition-transform group-data-[selected]:translate-x-4 rtl:group-data-[selected]:-translate-x-4" />
  </span>
);
