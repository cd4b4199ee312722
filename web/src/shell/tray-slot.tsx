import { useLocation } from "@tanstack/react-router";
import { hasSession } from "../api/session.ts";
import { createAccountStore, useStore } from "../api/store.ts";
import { lazyFrame } from "../ui/lazy-part.tsx";

const Tray = lazyFrame(() => import("../drive/tray.tsx"), "Tray", { texts: ["files"] });
const UploadTray = lazyFrame(() => import("../upload/upload-tray.tsx"), "UploadTray", { texts: ["files", "library"] });

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

/** Where the trays are, one above the other. Their code comes when there is something in them. */
export function TraySlot() {
  const { isDriveShown, areUploadsShown } = useStore(trays);
  const { pathname } = useLocation();
  const isUploadsWanted = areUploadsShown && pathname !== "/upload";
  if (!isDriveShown && !isUploadsWanted) return null;
  return (
    <div className="pointer-events-none fixed end-0 bottom-[calc(var(--bar)+var(--foot))] start-0 z-40 flex flex-col gap-2 *:pointer-events-auto sm:end-4 sm:bottom-[calc(1rem+var(--foot))] sm:start-auto sm:w-96">
      {isUploadsWanted && <UploadTray />}
      {isDriveShown && <Tray />}
    </div>
  );
}
