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
 * The browser's own button, which a press goes no further than: what it lies on, and the keys of its page, do not act as
 * well. What opens an overlay of the control library by itself (a select, a dialog's trigger) needs the library's button.
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
