import { useEffect } from "react";
import { useMe } from "#base/api/queries.ts";
import { useSite } from "#base/api/site.ts";
import { sumOf } from "./unread-numbers.ts";
import { useUnread } from "./unread.ts";

/** Names the page in the browser's tab and history, with the number of what is unread before it. */
export function useTitle(title: string | undefined): void {
  const { name } = useSite();
  const unread = sumOf(useUnread(useMe()?.id));
  useEffect(() => {
    const text = title === undefined || title === "" ? name : `${title} · ${name}`;
    document.title = unread === 0 ? text : `(${unread}) ${text}`;
  }, [title, name, unread]);
}
