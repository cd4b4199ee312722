import { type RefObject, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useCaptionStyle } from "#parts/player/captions/caption-preferences.ts";
import { captionLook, captionPercent } from "#parts/player/captions/caption-style.ts";
import type { Engine } from "#parts/player/engine/engine-port.ts";
import {
  captionsIn,
  qualityAt,
  setWatchedTracks,
  type Tracks,
  useCaptionLanguage,
  useMostPx,
} from "./track-choices.ts";

interface FeedTracksProps {
  engine: RefObject<Engine | null>;
  element: RefObject<HTMLVideoElement | null>;
  tracks: Partial<Tracks>;
  isActive: boolean;
  /** The element that captions are drawn in. */
  place: RefObject<HTMLElement | null>;
}

/** Gives a video of the feed the quality and the captions that were chosen for all, and draws the captions. */
export function FeedTracks({ engine, element, tracks, isActive, place }: FeedTracksProps) {
  const { qualities = [], captions = [] } = tracks;
  const quality = qualityAt(qualities, useMostPx())?.index ?? null;
  const caption = captionsIn(captions, useCaptionLanguage());
  const captionIndex = caption?.index ?? null;
  useEffect(() => {
    // A player that chooses by itself need not be asked to.
    if (qualities.length > 0) engine.current?.chooseQuality(quality);
  }, [engine, qualities, quality]);
  useEffect(() => {
    if (captions.length > 0) engine.current?.chooseCaptions(captionIndex);
  }, [engine, captions, captionIndex]);
  useEffect(() => {
    if (!isActive) return undefined;
    setWatchedTracks(tracks);
    return () => setWatchedTracks({});
  }, [isActive, tracks]);
  if (caption === null || !isActive || place.current === null) return null;
  return createPortal(<Cues element={element} language={caption.language} />, place.current);
}

/** The current captions, in the look that was chosen for them on this device. */
function Cues({ element, language }: Pick<FeedTracksProps, "element"> & { language: string }) {
  const style = useCaptionStyle();
  const lines = useCues(element);
  if (lines.length === 0) return null;
  return (
    <p
      lang={language}
      dir="auto"
      className="mb-2 text-center leading-snug font-medium text-balance whitespace-pre-line"
      style={{ fontSize: `${captionPercent(style) / 100}rem` }}
    >
      {lines.map((line, index) => (
        <span key={index} className="block">
          <span className="box-decoration-clone rounded-sm px-1.5 py-0.5" style={captionLook(style)}>
            {line}
          </span>
        </span>
      ))}
    </p>
  );
}

/** The words of the cues of this moment, of the captions that the player has read but does not show itself. */
function useCues(element: RefObject<HTMLVideoElement | null>): readonly string[] {
  const [lines, setLines] = useState<readonly string[]>([]);
  useEffect(() => {
    const tracks = element.current?.textTracks;
    if (tracks === undefined) return undefined;
    const read = () => setLines([...tracks].flatMap(cuesNow));
    const follow = () => {
      for (const track of tracks) track.addEventListener("cuechange", read);
      read();
    };
    const events = ["addtrack", "removetrack", "change"];
    for (const event of events) tracks.addEventListener(event, follow);
    follow();
    return () => {
      for (const event of events) tracks.removeEventListener(event, follow);
      for (const track of tracks) track.removeEventListener("cuechange", read);
    };
  }, [element]);
  return lines;
}

function cuesNow({ kind, mode, activeCues }: TextTrack): string[] {
  if (mode !== "hidden" || (kind !== "subtitles" && kind !== "captions")) return [];
  return [...(activeCues ?? [])].flatMap((cue) => {
    const words = cue instanceof VTTCue ? (cue.getCueAsHTML().textContent ?? "").trim() : "";
    return words === "" ? [] : [words];
  });
}
