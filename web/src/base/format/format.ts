/** Numbers, times and sizes in the viewer's language. Everything goes through `Intl`; nothing here reads a clock. */

const createCache = <T>(make: (language: string) => T) => {
  const formatters = new Map<string, T>();
  return (language: string): T => {
    const formatter = formatters.get(language);
    if (formatter !== undefined) return formatter;
    const fresh = make(language);
    formatters.set(language, fresh);
    return fresh;
  };
};

const compact = createCache(
  (language) => new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 }),
);
const oneDigit = createCache((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }));
const whole = createCache((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }));
const relative = createCache((language) => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
const day = createCache((language) => new Intl.DateTimeFormat(language, { dateStyle: "medium" }));
const dayOfYear = createCache((language) => new Intl.DateTimeFormat(language, { month: "short", day: "numeric" }));
const time = createCache((language) => new Intl.DateTimeFormat(language, { timeStyle: "short" }));
const fullDate = createCache(
  (language) => new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }),
);

/** 1234 → `1.2K` (en), 12345 → `1.2万` (zh). */
export const formatCount = (count: number, language: string): string => compact(language).format(count);

/** 1234 → `1,234`. */
export const formatNumber = (number: number, language: string): string => whole(language).format(number);

/** Seconds as `0:07`, `12:05` or `1:02:03`. Anything but a finite, positive number is `0:00`. */
export function formatDuration(seconds: number): string {
  const total = Number.isFinite(seconds) && seconds > 0 ? Math.floor(seconds) : 0;
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const secondsText = String(total % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${secondsText}` : `${minutes}:${secondsText}`;
}

/** How long something is, to the next second: players measure 24 s as 23.98. */
export const formatLength = (seconds: number): string => formatDuration(Math.round(seconds));

/** Bytes in decimal units, as shops and phones count them: `950 B`, `12 kB`, `3.4 MB`, `1.2 GB`. */
export function formatSize(bytes: number, language: string): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit >= 2 && value < 100 ? oneDigit(language) : whole(language);
  return `${digits.format(value)} ${units[unit] ?? "B"}`;
}

const steps = [
  { unit: "year", seconds: 31_536_000 },
  { unit: "month", seconds: 2_592_000 },
  { unit: "week", seconds: 604_800 },
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3600 },
  { unit: "minute", seconds: 60 },
] as const;

/** `3 minutes ago`; less than a minute, and clocks that disagree about the future, read as `now`. */
export function formatAgo(instantMs: number, nowMs: number, language: string): string {
  const passed = Math.floor((nowMs - instantMs) / 1000);
  const step = steps.find(({ seconds }) => passed >= seconds);
  if (step === undefined) return relative(language).format(0, "second");
  return relative(language).format(-Math.floor(passed / step.seconds), step.unit);
}

/** The whole date and time, for the tooltip over a relative one. */
export const formatDate = (instantMs: number, language: string): string => fullDate(language).format(instantMs);

/** The time of the day, as `19:06`. */
export const formatTime = (instantMs: number, language: string): string => time(language).format(instantMs);

/** The day, as `19 Nov 2026`. */
export const formatDay = (instantMs: number, language: string): string => day(language).format(instantMs);

/** The day in a column of days: `19 Nov`, with the year where it is another one. */
export function formatShortDay(instantMs: number, nowMs: number, language: string): string {
  const isThisYear = new Date(instantMs).getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? dayOfYear : day)(language).format(instantMs);
}

/** A remaining time in words: `5 sec`, `3 min`, `2 hr`; rounded up, because early is a pleasant surprise. */
export function formatRemaining(seconds: number, language: string): string {
  const amount = seconds < 60 ? seconds : seconds < 3600 ? seconds / 60 : seconds / 3600;
  const unit = seconds < 60 ? "second" : seconds < 3600 ? "minute" : "hour";
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(language, style).format(Math.max(1, Math.ceil(amount)));
}
