import { useLocation } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { hasSession } from "../api/session.ts";
import { lazyFrame } from "../ui/lazy-part.tsx";

const Tray = lazyFrame(() => import("../drive/tray.tsx"), "Tray", { texts: ["files"] });
const UploadTray = lazyFrame(() => import("../upload/upload-tray.tsx"), "UploadTray", { texts: ["files", "library"] });

const watchers = new Set<() => void>();
/** A transfer to the drive that was under way when the page was left goes on on any page. */
let isDriveShown = localStorage.getItem("kinora.queue") === "1" && hasSession();
let areUploadsShown = false;

const notify = () => {
  for (const watcher of watchers) watcher();
};
const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** Shows the tray of files on their way to the drive, on this and every page after it. */
export function showTray(): void {
  isDriveShown = true;
  notify();
}

/** Shows how the videos of the upload page are doing, on every other page. */
export function showUploads(): void {
  areUploadsShown = true;
  notify();
}

/** Where the trays are, one above the other. Their code comes when there is something in them. */
export function TraySlot() {
  const hasDrive = useSyncExternalStore(watch, () => isDriveShown);
  const hasUploads = useSyncExternalStore(watch, () => areUploadsShown);
  const { pathname } = useLocation();
  const isUploadsWanted = hasUploads && pathname !== "/upload";
  if (!hasDrive && !isUploadsWanted) return null;
  return (
    <div className="pointer-events-none fixed end-0 bottom-[calc(var(--bar)+var(--foot))] start-0 z-40 flex flex-col gap-2 *:pointer-events-auto sm:end-4 sm:bottom-[calc(1rem+var(--foot))] sm:start-auto sm:w-96">
      {isUploadsWanted && <UploadTray />}
      {hasDrive && <Tray />}
    </div>
  );
}
