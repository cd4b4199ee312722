import { Check, Minus } from "lucide-react";
import { type PointerEvent, useRef, useState } from "react";
import { Checkbox } from "react-aria-components/Checkbox";

export interface Selection {
  readonly ids: ReadonlySet<number>;
  /** True while rows show their boxes. */
  readonly isSelecting: boolean;
  readonly begin: () => void;
  readonly clear: () => void;
  readonly toggle: (id: number) => void;
  readonly selectAll: (all: readonly number[]) => void;
}

/** The selected rows. On a phone rows show their boxes after a long press on one, or after `Select`. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  const [isOn, setOn] = useState(false);
  return {
    ids,
    isSelecting: isOn || ids.size > 0,
    begin: () => setOn(true),
    clear: () => {
      setIds(new Set());
      setOn(false);
    },
    toggle: (id: number) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      setIds(next);
    },
    selectAll: (all: readonly number[]) => setIds(new Set(all)),
  };
}

interface CheckProps {
  label: string;
  isSelected: boolean;
  isPartial?: boolean;
  onChange: () => void;
}

export function SelectBox({ label, isSelected, isPartial = false, onChange }: CheckProps) {
  return (
    <Checkbox
      aria-label={label}
      isSelected={isSelected}
      isIndeterminate={isPartial}
      onChange={onChange}
      className="group relative z-10 grid size-11 shrink-0 cursor-pointer place-items-center rounded-full data-[focus-visible]:outline-2"
    >
      <span className="grid size-5 place-items-center rounded border-2 border-soft text-on-accent group-data-[indeterminate]:border-accent group-data-[indeterminate]:bg-accent group-data-[selected]:border-accent group-data-[selected]:bg-accent">
        {isPartial ? (
          <Minus size={14} strokeWidth={3} aria-hidden />
        ) : (
          isSelected && <Check size={14} strokeWidth={3} aria-hidden />
        )}
      </span>
    </Checkbox>
  );
}

const longMs = 500;

/** A finger that stays on a row. The click that its end would be is not one. */
export function useLongPress(onLongPress: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wasLong = useRef(false);
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown: ({ pointerType }: PointerEvent) => {
      wasLong.current = false;
      if (pointerType !== "touch") return;
      timer.current = setTimeout(() => {
        wasLong.current = true;
        onLongPress();
      }, longMs);
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onPointerMove: ({ movementX, movementY }: PointerEvent) => {
      if (Math.abs(movementX) + Math.abs(movementY) > 8) stop();
    },
    onContextMenu: (event: { preventDefault: () => void }) => {
      if (wasLong.current) event.preventDefault();
    },
    onClickCapture: (event: { preventDefault: () => void; stopPropagation: () => void }) => {
      if (!wasLong.current) return;
      wasLong.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
