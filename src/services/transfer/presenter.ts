import type { Transfer } from "./contract.ts";
import type { Row } from "./store.ts";

/** A transfer as administrators see it. Pure. */
export function presentTransfer(row: Row): Transfer {
  const { day, scrubNo, objectsCopied, objectsBad, bytesUnderWay, bytesDone, bytesTotal, ...otherFields } = row;
  return {
    ...otherFields,
    bytesTotal,
    // Bytes under way are stored apart from what is done, and somewhat late.
    bytesDone: Math.min(bytesTotal, bytesDone + bytesUnderWay),
    objectsWaiting: objectsCopied,
    objectsDamaged: otherFields.objectsRepaired + objectsBad,
    isAutomatic: day !== null || scrubNo !== null,
    isScrub: scrubNo !== null,
  };
}
