import { ArrowDownToLine, ArrowLeft, ArrowUpToLine } from "lucide-react";
import { colorValue, type Look } from "./look.ts";

const icons = { scroll: ArrowLeft, top: ArrowUpToLine, bottom: ArrowDownToLine } as const;

/** A spot of the colour, with where it goes. Black is read on every one of them. */
export function Swatch({ color, mode }: { color: Look["color"]; mode?: Look["mode"] }) {
  const Icon = mode && icons[mode];
  return (
    <span
      aria-hidden
      className="grid size-7 shrink-0 place-items-center rounded-full border-2 border-line text-black"
      style={{ background: `#${colorValue(color).toString(16).padStart(6, "0")}` }}
    >
      {Icon && <Icon size={16} />}
    </span>
  );
}
