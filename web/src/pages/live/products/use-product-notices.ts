import { useEffect } from "react";
import { useFollowedRoom } from "../feed/use-room-feed.ts";
import { applyProductFrame } from "./queries.ts";

/** Keeps the products of a room as the room says that they are. */
export function useProductNotices(liveId: number): void {
  const room = useFollowedRoom();
  useEffect(
    () =>
      room.listen((frame) => {
        if (frame.type === "product") applyProductFrame(liveId, frame);
      }),
    [room, liveId],
  );
}
