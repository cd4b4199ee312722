import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { createDeviceStore, useStore } from "#base/api/session/store.ts";
import { Button, IconButton } from "../buttons/button.tsx";
import { classNames } from "../class-names.ts";

interface Toast {
  id: number;
  text: string;
  action?: { name: string; run: () => void };
  focusAfter?: () => HTMLElement | null;
}

const toasts = createDeviceStore<readonly Toast[]>([]);
let lastId = 0;

function dismissToast(id: number): void {
  const toast = toasts.get().find((candidate) => candidate.id === id);
  const isFocused = document.activeElement?.closest(`[data-toast="${id}"]`) != null;
  toasts.set(toasts.get().filter((candidate) => candidate.id !== id));
  if (isFocused) toast?.focusAfter?.()?.focus();
}

/**
 * Says something for a while; at most three at once. Returns its id. With `focusAfter` its action has the focus, as the
 * element that had it is removed; a focus that is still there when the toast goes moves to where that says.
 */
export function showToast(
  text: string,
  action?: Toast["action"],
  durationMs = 5000,
  { focusAfter }: Pick<Toast, "focusAfter"> = {},
): number {
  lastId += 1;
  const id = lastId;
  toasts.set([...toasts.get().slice(-2), { id, text, ...(action && { action }), ...(focusAfter && { focusAfter }) }]);
  setTimeout(() => dismissToast(id), durationMs);
  return id;
}

/**
 * The place of the toasts. It is always in the page, so that a screen reader announces each new one. `isAbove` keeps
 * the lower edge of a phone free, where the feed has its words and buttons.
 */
export function Toasts({ isAbove }: { isAbove: boolean }) {
  const { t } = useTranslation();
  const visibleToasts = useStore(toasts);
  return (
    <div
      role="status"
      // An open sheet neither hides it from screen readers nor keeps its buttons from being pressed.
      data-react-aria-top-layer="true"
      className={classNames(
        "pointer-events-none fixed inset-x-0 z-60 flex flex-col items-center gap-2 px-3",
        "sm:top-auto! sm:bottom-[calc(1.5rem+var(--foot))]! sm:start-(--side)",
        isAbove ? "top-[calc(0.25rem+env(safe-area-inset-top))]" : "bottom-[calc(var(--bar)+var(--foot)+0.75rem)]",
      )}
    >
      {visibleToasts.map((toast) => (
        <div
          key={toast.id}
          data-toast={toast.id}
          className="animate-rise pointer-events-auto flex w-full max-w-md items-center gap-2 rounded-xl bg-ink py-1 pe-1 ps-4 text-page shadow-2xl"
        >
          <span className="line-clamp-2 min-w-0 flex-1 py-2">{toast.text}</span>
          {toast.action !== undefined && (
            <Button
              look="ghost"
              autoFocus={toast.focusAfter !== undefined}
              className="text-page! underline underline-offset-4 hover:bg-page/15!"
              onPress={() => {
                toast.action?.run();
                dismissToast(toast.id);
              }}
            >
              {toast.action.name}
            </Button>
          )}
          <IconButton label={t("action.close")} className="hover:bg-page/15" onPress={() => dismissToast(toast.id)}>
            <X size={18} aria-hidden />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
