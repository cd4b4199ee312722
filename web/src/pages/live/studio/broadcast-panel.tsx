import { useBroadcast } from "../capture/broadcast.ts";
import { BrowserSource } from "../capture/browser-source.tsx";

/** In the studio: what this browser sends to the room, where it sends anything. */
export function BroadcastPanel({ liveId }: { liveId: number }) {
  const broadcast = useBroadcast();
  return broadcast.liveId === liveId ? <BrowserSource liveId={liveId} /> : null;
}
