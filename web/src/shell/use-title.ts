import { useEffect } from "react";
import { useSite } from "./site.ts";

/** Names the page in the browser's tab and history. */
export function useTitle(title: string | undefined): void {
  const { name } = useSite();
  useEffect(() => {
    document.title = title === undefined || title === "" ? name : `${title} · ${name}`;
  }, [title, name]);
}
