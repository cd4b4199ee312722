import type { ComponentPropsWithRef, KeyboardEvent, SyntheticEvent } from "react";

export interface BareButtonProps extends Omit<ComponentPropsWithRef<"button">, "onClick" | "disabled"> {
  onPress?: (() => void) | undefined;
  isDisabled?: boolean | undefined;
}

const stop = (event: SyntheticEvent) => event.stopPropagation();
const stopPressKeys = (event: KeyboardEvent) => {
  if (event.key === "Enter" || event.key === " ") event.stopPropagation();
};

/**
 * The browser's own button. A press goes no further: the element below and the keys of the page do not act as well. A
 * button that opens an overlay of the control library (a select, a dialog's trigger) must be the library's.
 */
export function BareButton({ onPress, isDisabled = false, type = "button", ...props }: BareButtonProps) {
  return (
    <button
      onPointerDown={stop}
      onPointerUp={stop}
      onKeyDown={stopPressKeys}
      onKeyUp={stopPressKeys}
      {...props}
      type={type}
      disabled={isDisabled}
      onClick={(event) => {
        event.stopPropagation();
        // Safari gives a pressed button no focus, and a sheet would have nothing to give it back to.
        event.currentTarget.focus({ preventScroll: true });
        onPress?.();
      }}
    />
  );
}
