import { X } from "lucide-react";
import type { ReactNode } from "react";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";

interface ChipProps {
  /** The action of its cross. */
  label: string;
  onRemove: () => void;
  /** How much of it is filled, from 0 to 1. */
  part?: number;
  children: ReactNode;
}

/** Something that can be taken away, with its cross. */
export function Chip({ label, onRemove, part = 0, children }: ChipProps) {
  return (
    <li className="relative flex h-11 max-w-full shrink-0 items-center gap-2 rounded-full bg-raised ps-3.5">
      {part > 0 && (
        <span aria-hidden className="absolute inset-0 overflow-hidden rounded-full">
          <span className="block h-full bg-ink/8" style={{ width: `${Math.round(part * 100)}%` }} />
        </span>
      )}
      {children}
      <BareButton
        aria-label={label}
        onPress={onRemove}
        className="relative -ms-2 grid h-11 scroll-mb-28 w-10 shrink-0 place-items-center rounded-full text-soft hover:text-ink"
      >
        <X size={16} aria-hidden />
      </BareButton>
    </li>
  );
}

/** The cross that has the place of one that is gone: the next of its list, the last one, or nothing. */
export const crossAt = (list: HTMLElement | null, place: number): HTMLElement | null => {
  const crosses = list?.querySelectorAll("button") ?? [];
  return crosses[Math.min(place, crosses.length - 1)] ?? null;
};
