import { type ReactNode, startTransition, useEffect, useState } from "react";

interface LaterProps {
  children: ReactNode;
  /** The content of the first rendering. */
  fallback?: ReactNode;
}

/**
 * Content that a page shows after its first rendering. React renders it in slices, between which the browser paints and
 * listens. One within another comes after it. Content above other content would move that: it is not for this.
 */
export function Later({ children, fallback }: LaterProps) {
  const [isDue, setDue] = useState(false);
  // `useDeferredValue` would do for the outermost alone: within a deferred rendering nothing is deferred again.
  useEffect(() => startTransition(() => setDue(true)), []);
  return isDue ? children : fallback;
}
