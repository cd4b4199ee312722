import type { ReactNode, RefObject } from "react";
import type { Live } from "#base/api/types.ts";
import { PictureSpinner } from "#base/ui/states/picture-spinner.tsx";
import { TileName } from "./tile-name.tsx";

interface PictureStageProps {
  /** The picture of the host. */
  element: RefObject<HTMLVideoElement | null>;
  live: Live;
  /** Those of guests. */
  tiles: readonly ReactNode[];
  /** A picture alone fills its place, cut where it has to be; one beside others always does. */
  isFilling: boolean;
  isWaiting: boolean;
  onMouseUp: () => void;
  onPointerUp: () => void;
  onDoubleClick: (() => void) | undefined;
}

/** The pictures of a room: the host's, and those of guests beside it. */
export function PictureStage(props: PictureStageProps) {
  const { element, live, tiles, isFilling, isWaiting, onMouseUp, onPointerUp, onDoubleClick } = props;
  const hasTiles = tiles.length > 0;
  return (
    <div className="live-stage absolute inset-x-0 top-0" data-tiles={hasTiles ? tiles.length : undefined}>
      <div className="live-tile relative min-h-0 min-w-0 overflow-hidden">
        <video
          ref={element}
          playsInline
          tabIndex={-1}
          className={`absolute inset-0 size-full ${hasTiles || isFilling ? "object-cover" : "object-contain"}`}
          onPointerUp={({ pointerType }) => {
            if (pointerType === "mouse") onMouseUp();
            onPointerUp();
          }}
          onDoubleClick={onDoubleClick}
        />
        {isWaiting && <PictureSpinner />}
        {hasTiles && <TileName>{live.owner.nickname || live.owner.username}</TileName>}
      </div>
      {tiles}
    </div>
  );
}
