import { useEffect, useState } from "react";

const widePx = 1_025;

/** True if the window has room for details beside the list. */
export function useIsWide(): boolean {
  const [isWide, setWide] = useState(() => window.innerWidth >= widePx);
  useEffect(() => {
    const look = () => setWide(window.innerWidth >= widePx);
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, []);
  return isWide;
}
