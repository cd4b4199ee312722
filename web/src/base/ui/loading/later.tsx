import { type ReactNode, startTransition, useEffect, useState } from "react";

interface LaterProps {
  children: ReactNode;
  /** What stands there in the first rendering. */
  fallback?: ReactNode;
}

/**
 * What a page shows after its first rendering: React then makes it in slices, between which the browser paints and listens.
 * One within another comes after it. It is not for what is above other content, which would move.
 */
export function Later({ children, fallback }: LaterProps) {
  const [isDue, setDue] = useState(false);
  // `useDeferredValue` would do for the outermost alone: within a deferred rendering nothing is deferred again.
  useEffect(() => startTransition(() => setDue(true)), []);
  return isDue ? children : fallback;
}
