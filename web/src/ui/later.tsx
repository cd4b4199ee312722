import { type ReactNode, useDeferredValue } from "react";

interface LaterProps {
  children: ReactNode;
  /** What stands there in the first rendering. */
  fallback?: ReactNode;
}

/**
 * What a page shows after its first rendering: React then makes it in slices, between which the browser paints and listens.
 * It is not for what is above other content, which would move.
 */
export function Later({ children, fallback }: LaterProps) {
  return useDeferredValue(true, false) ? children : fallback;
}
