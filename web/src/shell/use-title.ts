import { useEffect } from "react";
import { useMe } from "../api/queries.ts";
import { useUnread } from "../inbox/unread.ts";
import { sumOf } from "../inbox/unread-numbers.ts";
import { useSite } from "./site.ts";

/** Names the page in the browser's tab and history, with the number of what is unread before it. */
export function useTitle(title: string | undefined): void {
  const { name } = useSite();
  const unread = sumOf(useUnread(useMe()?.id));
  useEffect(() => {
    const text = title === undefined || title === "" ? name : `${title} · ${name}`;
    document.title = unread === 0 ? text : `(${unread}) ${text}`;
  }, [title, name, unread]);
}
