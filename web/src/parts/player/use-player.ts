import { type RefObject, useEffect, useRef, useState } from "react";
import { streamOf } from "#base/api/playback-address.ts";
import { videoQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { isOnline, watchConnection } from "#base/api/request/connection.ts";
import type { Video } from "#base/api/types.ts";
import { applyCaptionStyle } from "./captions/caption-preferences.ts";
import { type ElementControls, elementControls } from "./engine/element-controls.ts";
import type { CaptionTrack, Engine } from "./engine/engine-port.ts";
import { attach } from "./engine/engine.ts";
import { followPlayback, initialPlayback, type Playback, qualityListeners } from "./engine/playback.ts";
import type { SoundTrack } from "./engine/sounds.ts";
import { positionOf, readCaptions, writeCaptions, writePosition } from "./memory.ts";
import { reportPlay, type Source } from "./report-play.ts";

interface PlayerState extends Playback {
  hasFailed: boolean;
  timeS: number;
  durationS: number;
  bufferedS: number;
  rate: number;
  captions: readonly CaptionTrack[];
  /** The captions that are shown; `null` for none. */
  caption: number | null;
  sounds: readonly SoundTrack[];
  /** The sound that plays. */
  sound: number;
  resumedAtS: number;
}

export interface Player extends PlayerState, ElementControls {
  chooseQuality: (index: number | null) => void;
  chooseCaptions: (index: number | null) => void;
  chooseSound: (index: number) => void;
  retry: () => void;
}

const bufferS = 30;
const savedEveryS = 3;

/** The player of the watch page: plays, remembers sound and position on this device, and yields its state. */
export function usePlayer(
  element: RefObject<HTMLVideoElement | null>,
  video: Video,
  startS: number | undefined,
  source: Source,
  onEnded?: () => void,
): Player {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<PlayerState>(() => startState(video, startS));
  const change = (part: Partial<PlayerState>) => setState((now) => ({ ...now, ...part }));
  const engine = useEngine(element, video, { attempt, startS, source, change, onEnded });
  const retry = () => {
    change({ hasFailed: false, isWaiting: true });
    void urlNow(video).then((url) => {
      // A new address comes with the video that was just asked for, and begins by itself.
      if (streamOf(url) === streamOf(video.hls_url)) setAttempt((before) => before + 1);
    });
  };
  useRetryOnline(state.hasFailed, retry);
  return {
    ...state,
    ...elementControls(element, (timeS) => change({ timeS })),
    chooseQuality: (index) => {
      engine.current?.chooseQuality(index);
      change({ quality: index });
    },
    chooseCaptions: (index) => {
      engine.current?.chooseCaptions(index);
      writeCaptions(state.captions.find((track) => track.index === index)?.language ?? null);
      change({ caption: index });
    },
    chooseSound: (index) => engine.current?.chooseSound(index),
    retry,
  };
}

interface EngineUse {
  /** How often it was begun; another number begins again. */
  attempt: number;
  startS: number | undefined;
  source: Source;
  change: (part: Partial<PlayerState>) => void;
  onEnded: (() => void) | undefined;
}

/** Plays the video in the element as long as both stay, from where it was left. */
function useEngine(
  element: RefObject<HTMLVideoElement | null>,
  video: Video,
  { attempt, startS, source, change, onEnded }: EngineUse,
): RefObject<Engine | null> {
  const ended = useRef(onEnded);
  ended.current = onEnded;
  const engine = useRef<Engine | null>(null);
  const hasBegun = useRef(false);
  useEffect(() => {
    const player = element.current;
    if (player === null || video.hls_url === "") return;
    const start = startState(video, startS);
    const startAtS = startS ?? start.resumedAtS;
    applyCaptionStyle();
    // The first rendering has it already, and another one would be as long.
    if (hasBegun.current) change(start);
    hasBegun.current = true;
    if (startAtS > 0) player.currentTime = startAtS;
    const attached = attach(player, video.hls_url, {
      bufferS,
      ...qualityListeners(change),
      onCaptions: (captions) => {
        const preference = readCaptions();
        const caption = captions.find(({ language }) => language === preference)?.index ?? null;
        attached.chooseCaptions(caption);
        change({ captions, caption });
      },
      onSounds: (sounds, chosen) => change({ sounds, sound: chosen }),
      onFatal: () => change({ hasFailed: true, isWaiting: false }),
    });
    engine.current = attached;
    const stopReport = reportPlay(video.id, player, source);
    const listeners = videoListeners(player, video, change, () => ended.current?.());
    const stopFollowing = followPlayback(player, start, change, listeners);
    return () => {
      writePosition(video.id, player.currentTime, player.duration);
      stopReport();
      stopFollowing();
      attached.stop();
    };
  }, [element, video.id, streamOf(video.hls_url), attempt]);
  return engine;
}

/** Tries again when the device has a connection, after playing failed. */
function useRetryOnline(hasFailed: boolean, retry: () => void): void {
  const again = useRef(retry);
  again.current = retry;
  useEffect(() => {
    if (!hasFailed) return;
    return watchConnection(() => isOnline() && again.current());
  }, [hasFailed]);
}

/** Captions on in the first language there is, or off. */
export const toggleCaptions = ({ captions, caption, chooseCaptions }: Player): void =>
  chooseCaptions(caption === null ? (captions[0]?.index ?? null) : null);

/** The current address of the video, which may have moved; the old one if that cannot be learned. */
const urlNow = (video: Video): Promise<string> =>
  queryClient.fetchQuery({ ...videoQuery(video.id), staleTime: 0, retry: false }).then(
    (fresh) => fresh.hls_url,
    () => video.hls_url,
  );

/** The state before anything plays: the sound of this device, and the last position here or on another device. */
const startState = (video: Video, startS: number | undefined): PlayerState => ({
  ...initialPlayback(),
  hasFailed: false,
  timeS: 0,
  durationS: video.duration,
  bufferedS: 0,
  rate: 1,
  captions: [],
  caption: null,
  sounds: [],
  sound: -1,
  resumedAtS: startS === undefined ? positionOf(video.id) || video.position : 0,
});

/** Listeners of a film that a stream has not: a length, a rate, an end, and a position that is remembered. */
function videoListeners(
  player: HTMLVideoElement,
  video: Video,
  change: (part: Partial<PlayerState>) => void,
  onEnded: () => void,
) {
  let savedAtS = 0;
  return {
    playing: () => change({ isPlaying: true, isWaiting: false, hasFailed: false }),
    ratechange: () => change({ rate: player.playbackRate }),
    durationchange: () => {
      if (Number.isFinite(player.duration)) change({ durationS: player.duration });
    },
    progress: () => change({ bufferedS: bufferedEnd(player) }),
    timeupdate: () => {
      change({ timeS: player.currentTime, bufferedS: bufferedEnd(player) });
      if (Math.abs(player.currentTime - savedAtS) < savedEveryS) return;
      savedAtS = player.currentTime;
      writePosition(video.id, player.currentTime, player.duration);
    },
    ended: () => {
      writePosition(video.id, 0, player.duration);
      onEnded();
    },
  };
}

function bufferedEnd(player: HTMLVideoElement): number {
  for (let index = 0; index < player.buffered.length; index++) {
    if (player.buffered.start(index) <= player.currentTime + 0.1 && player.buffered.end(index) >= player.currentTime) {
      return player.buffered.end(index);
    }
  }
  return player.currentTime;
}
