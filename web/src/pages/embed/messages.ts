/** Commands of the page around an embedded player (docs/other-sites.md). */
export type Command =
  | { readonly kinora: "play" }
  | { readonly kinora: "pause" }
  | { readonly kinora: "seek"; readonly time: number }
  | { readonly kinora: "volume"; readonly volume?: number; readonly muted?: boolean }
  | { readonly kinora: "rate"; readonly rate: number };

/** A message from outside as a command; undefined for everything else that pages send each other. Pure. */
export function commandOf(data: unknown): Command | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { kinora, time, volume, muted, rate } = data as Record<string, unknown>; // Any object has these, at least undefined.
  switch (kinora) {
    case "play":
    case "pause":
      return { kinora };
    case "seek":
      return isBetween(time, 0, Number.MAX_SAFE_INTEGER) ? { kinora, time } : undefined;
    case "rate":
      return isBetween(rate, 0.25, 4) ? { kinora, rate } : undefined;
    case "volume": {
      const change = {
        ...(isBetween(volume, 0, 1) && { volume }),
        ...(typeof muted === "boolean" && { muted }),
      };
      return Object.keys(change).length === 0 ? undefined : { kinora, ...change };
    }
    default:
      return undefined;
  }
}

const isBetween = (value: unknown, min: number, max: number): value is number =>
  typeof value === "number" && value >= min && value <= max;

/** Does what was asked. */
export function obey(command: Command, player: HTMLVideoElement): void {
  if (command.kinora === "play") void player.play().catch(() => undefined);
  else if (command.kinora === "pause") player.pause();
  else if (command.kinora === "seek") player.currentTime = Math.min(command.time, player.duration || command.time);
  else if (command.kinora === "rate") player.playbackRate = command.rate;
  else {
    player.volume = command.volume ?? player.volume;
    player.muted = command.muted ?? player.muted;
  }
}

/**
 * Reports the player to the page around it until the returned function is called. Any page may embed a public video, so
 * messages go to whichever it is; they say nothing of the viewer.
 */
export function report(player: HTMLVideoElement, send: (message: object) => void): () => void {
  const events: Record<string, () => object> = {
    play: () => ({ kinora: "play" }),
    pause: () => ({ kinora: "pause" }),
    ended: () => ({ kinora: "ended" }),
    timeupdate: () => ({ kinora: "time", time: player.currentTime, duration: player.duration || null }),
    volumechange: () => ({ kinora: "volume", volume: player.volume, muted: player.muted }),
    ratechange: () => ({ kinora: "rate", rate: player.playbackRate }),
  };
  const listeners = Object.entries(events).map(([name, of]) => [name, () => send(of())] as const);
  for (const [name, listener] of listeners) player.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of listeners) player.removeEventListener(name, listener);
  };
}
