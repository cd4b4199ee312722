import { useLocation } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useTrays } from "#base/frame/trays.ts";

interface TraySlotProps {
  DriveTray: ComponentType;
  UploadTray: ComponentType;
}

/** The trays, one above the other. Their code is loaded when there is something in them. */
export function TraySlot({ DriveTray, UploadTray }: TraySlotProps) {
  const { drive, video } = useTrays();
  const { pathname } = useLocation();
  const hasVideos = video && pathname !== "/upload";
  if (!drive && !hasVideos) return null;
  return (
    <div className="pointer-events-none fixed end-0 bottom-[calc(var(--bar)+var(--foot))] start-0 z-40 flex flex-col gap-2 *:pointer-events-auto sm:end-4 sm:bottom-[calc(1rem+var(--foot))] sm:start-auto sm:w-96">
      {hasVideos && <UploadTray />}
      {drive && <DriveTray />}
    </div>
  );
}
