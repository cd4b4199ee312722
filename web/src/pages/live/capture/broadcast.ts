import { createAccountStore, useStore } from "#base/api/session/store.ts";
import {
  publishByWhip,
  type WhipConnection,
  type WhipFigures,
  MissingCodec,
  WhipRefusal,
  type WhipState,
  type WhipTarget,
} from "#parts/player/live/engine/whip-client.ts";
import { type Capture, type CaptureChoice, type CaptureProblem, capture, captureProblem } from "./capture.ts";

/** The stream that this browser sends to the room it was begun for. It outlives the page on which it was begun. */
export interface Broadcast {
  readonly liveId: number;
  readonly stream: MediaStream | null;
  readonly state: "off" | "asking" | WhipState;
  readonly problem: CaptureProblem | "no_h264" | { readonly code: string } | null;
  readonly figures: WhipFigures | null;
}

const off: Broadcast = { liveId: 0, stream: null, state: "off", problem: null, figures: null };

const broadcast = createAccountStore(off, stopBroadcast);
let captured: Capture | undefined;
let connection: WhipConnection | undefined;
/** A later attempt is newer: an older one that ends late changes nothing. */
let attempt = 0;

export const currentBroadcast = broadcast.get;
export const useBroadcast = (): Broadcast => useStore(broadcast);

const change = (part: Partial<Broadcast>): void => broadcast.set({ ...broadcast.get(), ...part });

/** Captures what was chosen and sends it to a room; as the stream of a guest of `roomId`, where that is another one. */
export async function startBroadcast(liveId: number, choice: CaptureChoice, roomId = liveId): Promise<void> {
  stopBroadcast();
  const mine = ++attempt;
  const isMine = () => attempt === mine;
  change({ ...off, liveId, state: "asking" });
  try {
    const newCapture = await capture(choice, () => isMine() && stopBroadcast());
    if (!isMine()) return newCapture.stop();
    captured = newCapture;
    change({ stream: newCapture.stream });
  } catch (error) {
    if (isMine()) change({ ...off, liveId, problem: captureProblem(error) });
    return;
  }
  await connect({ liveId, roomId }, captured.stream, isMine);
}

async function connect(target: WhipTarget, stream: MediaStream, isMine: () => boolean): Promise<void> {
  try {
    const made = await publishByWhip(target, stream, {
      state: (state) => isMine() && change({ state }),
      figures: (figures) => isMine() && change({ figures }),
    });
    if (isMine()) connection = made;
    else made.close();
  } catch (error) {
    if (!isMine()) return;
    stopBroadcast();
    change({ liveId: target.liveId, problem: problemOf(error) });
  }
}

function problemOf(error: unknown): Broadcast["problem"] {
  if (error instanceof MissingCodec) return "no_h264";
  return error instanceof WhipRefusal ? { code: error.code } : "other";
}

/** Ends what is sent and gives camera and microphone back. */
export function stopBroadcast(): void {
  attempt++;
  connection?.close();
  captured?.stop();
  connection = undefined;
  captured = undefined;
  broadcast.set(off);
}

globalThis.addEventListener("pagehide", () => connection?.close());
