import { type DragEvent, useState } from "react";
import { readDropped } from "#parts/upload/transfer/dropped.ts";
import type { Picked } from "#parts/upload/queue/queue.ts";

/** Takes files, and those of folders, that are dropped anywhere on an element. */
export function useDrop(onFiles: (files: Picked[]) => void) {
  const [isOver, setOver] = useState(false);
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void readDropped(event.dataTransfer.items).then(({ files }) => files.length > 0 && onFiles(files));
  };
  const leave = (event: DragEvent) => {
    const to = event.relatedTarget;
    if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
  };
  return { isOver, props: { onDragEnter: drag, onDragOver: drag, onDragLeave: leave, onDrop: drop } };
}
