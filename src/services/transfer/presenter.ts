import type { Transfer } from "./contract.ts";
import type { Row } from "./store.ts";

/** A transfer as administrators see it. Pure. */
export function shown(row: Row): Transfer {
  const { day, scrubNo, objectsCopied, objectsBad, bytesUnderWay, bytesDone, bytesTotal, ...rest } = row;
  return {
    ...rest,
    bytesTotal,
    // What is under way is told apart from what is done, and may be told late.
    bytesDone: Math.min(bytesTotal, bytesDone + bytesUnderWay),
    objectsWaiting: objectsCopied,
    objectsDamaged: rest.objectsRepaired + objectsBad,
    isAutomatic: day !== null || scrubNo !== null,
    isScrub: scrubNo !== null,
  };
}
