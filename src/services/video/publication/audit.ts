import { audited, type Call, type Host, type Id, type Tx } from "#kernel";
import type * as store from "../store.ts";

/** Publishes acts on a video that matter for security (S8.5). */
export const createVideoAudit =
  ({ emit, now }: Pick<Host<store.Tables>, "emit" | "now">) =>
  (tx: Tx<store.Tables>, act: string, id: Id, { userId: actorId }: Call, detail?: string): Promise<void> =>
    emit(tx, audited, id, {
      act,
      subject: { kind: "video", id },
      atMs: now(),
      ...(detail !== undefined && { detail }),
      ...(actorId !== undefined && { actorId }),
    });
