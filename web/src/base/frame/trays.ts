import { hasSession } from "#base/api/session/session.ts";
import { queueMark } from "#base/api/upload-names.ts";
import { createAccountStore, useStore } from "#base/api/session/store.ts";

/** Trays by the kind of files in them: those on their way to the drive, and videos of the upload page. */
const trays = createAccountStore({ drive: false, video: false });
// A transfer to the drive that was under way when the page was left goes on on any page.
if (localStorage.getItem(queueMark) === "1" && hasSession()) showTray("drive");

/** Shows a tray on this and every page after it; that of videos on every page but their own. */
export function showTray(kind: "drive" | "video"): void {
  trays.set({ ...trays.get(), [kind]: true });
}

/** The trays that have something to show. */
export const useTrays = () => useStore(trays);
