import { createDeviceStore, useStore } from "#base/api/session/store.ts";

/** How a viewer wants timed comments, on this device. */
export interface Preferences {
  readonly isOn: boolean;
  /** 0.2 to 1. */
  readonly opacity: number;
  /** How much of the film's height they may use: a quarter, half, all. */
  readonly share: 0.25 | 0.5 | 1;
}

export const shares = [
  { share: 0.25, name: "quarter" },
  { share: 0.5, name: "half" },
  { share: 1, name: "all" },
] as const satisfies readonly { share: Preferences["share"]; name: string }[];

const key = "kinora.danmaku";
const usual: Preferences = { isOn: true, opacity: 0.85, share: 0.5 };
const preferences = createDeviceStore(read());

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    if (typeof stored !== "object" || stored === null) return usual;
    const { isOn, opacity, share } = { ...usual, ...stored };
    return {
      isOn,
      opacity: typeof opacity === "number" ? Math.min(1, Math.max(0.2, opacity)) : usual.opacity,
      share: share === 0.25 || share === 1 ? share : 0.5,
    };
  } catch {
    return usual;
  }
}

export function prefer(change: Partial<Preferences>): void {
  const next = { ...preferences.get(), ...change };
  localStorage.setItem(key, JSON.stringify(next));
  preferences.set(next);
}

export const usePreferences = (): Preferences => useStore(preferences);
