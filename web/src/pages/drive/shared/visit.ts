import { Failure } from "#base/api/request/failure.ts";
import type { Operations } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { contentUrl } from "../entries/entries.ts";
import { saveFrom } from "../entries/save.ts";

/** An opened link: what it leads to, and the ticket for it. */
export type Visit = Operations["drive.openShare"]["answer"];

/** Has a file of the visit saved; asks first, so that the page can say that a link has ended. */
export function useSharedDownload(ticket: string): (id: number) => void {
  const text = useErrorText();
  return (id) => {
    const url = contentUrl(id, ticket, false);
    const look = async () => {
      const { status } = await fetch(url, { method: "HEAD" });
      if (status >= 400) throw new Failure(status, status === 410 ? "drive.used_up" : "drive.share_not_found", "");
      saveFrom(url);
    };
    look().catch((thrown: unknown) => showToast(text(thrown), undefined, 8_000));
  };
}
