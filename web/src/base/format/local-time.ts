const two = (number: number): string => String(number).padStart(2, "0");

/** A moment as the fields of a form have it, in the zone of this device: `2026-05-01T18:30`. */
export function localText(ms: number): string {
  const at = new Date(ms);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment such a text means here; nothing where it means none. */
export function localMs(text: string): number | null {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

/** The name of this device's time zone, as in `GMT+8` or `Central European Summer Time`. */
export function zoneName(language: string, ms: number): string {
  const parts = new Intl.DateTimeFormat(language, { timeZoneName: "long" }).formatToParts(ms);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}
