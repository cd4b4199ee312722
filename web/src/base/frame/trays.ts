import { hasSession } from "#base/api/session/session.ts";
import { createAccountStore, useStore } from "#base/api/session/store.ts";

const trays = createAccountStore({ isDriveShown: false, areUploadsShown: false });
// A transfer to the drive that was under way when the page was left goes on on any page.
if (localStorage.getItem("kinora.queue") === "1" && hasSession()) showTray();

/** Shows the tray of files on their way to the drive, on this and every page after it. */
export function showTray(): void {
  trays.set({ ...trays.get(), isDriveShown: true });
}

/** Shows how the videos of the upload page are doing, on every other page. */
export function showUploads(): void {
  trays.set({ ...trays.get(), areUploadsShown: true });
}

/** The trays that have something to show. */
export const useTrays = () => useStore(trays);
