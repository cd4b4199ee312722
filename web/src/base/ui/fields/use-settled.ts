import { useEffect, useState } from "react";

const settleMs = 150;

/** A value once it has not changed for a moment: what is typed is not searched for letter by letter. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
