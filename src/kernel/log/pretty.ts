import { styleText } from "node:util";
import { z } from "zod";

const Line = z.looseObject({
  time: z.string(),
  level: z.enum(["error", "warn", "info", "debug"]),
  msg: z.string().default(""),
  service: z.string().optional(),
  err: z.unknown().optional(),
});
/** The same in every line of a process, so a reader learns nothing from them. */
const repeated = ["instance", "version", "service", "time", "level", "msg", "err"];

const colours = { error: "red", warn: "yellow", info: "green", debug: "gray" } as const;
type Style = Parameters<typeof styleText>[0];
const plain = (_: Style, text: string): string => text;
/** Colours where the terminal shows them and nobody set NO_COLOR; also into a pipe with FORCE_COLOR. */
const colour = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });

const serviceWidth = 11;

/** A JSON line of the log as people read it: time, level, service, message and fields, then the stack of an error. */
export function prettyLine(json: string, { hasColours }: { readonly hasColours: boolean }): string {
  const { time, level, msg, service = "", err, ...fields } = Line.parse(JSON.parse(json));
  const style = hasColours ? colour : plain;
  const pairs = Object.entries(fields)
    .filter(([name]) => !repeated.includes(name))
    .map(([name, value]) => `${style("dim", `${printable(name)}=`)}${valueOf(value)}`);
  const head = [
    style("dim", clockOf(time)),
    style(colours[level], level.toUpperCase().padEnd(5)),
    style("cyan", printable(service).padEnd(serviceWidth)),
    printable(msg),
    ...pairs,
  ];
  return `${head.join(" ")}${errorOf(err)
    .map((line) => `\n    ${style("dim", line)}`)
    .join("")}\n`;
}

/** The local time of day to the millisecond. */
function clockOf(time: string): string {
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, "0");
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

function valueOf(value: unknown): string {
  const text = typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return printable(text);
}

function errorOf(error: unknown): string[] {
  if (error === undefined) return [];
  if (typeof error !== "object" || error === null) return [valueOf(error)];
  const { type, message, stack, cause, ...otherFields } = error as Record<string, unknown>; // As the log writes errors.
  const text = typeof stack === "string" ? stack : `${String(type)}: ${String(message)}`;
  const more = Object.keys(otherFields).length > 0 ? [valueOf(otherFields)] : [];
  const below = errorOf(cause).map((line, index) => (index === 0 ? `caused by ${line}` : line));
  return [...text.split("\n").map(printable), ...more, ...below];
}

/** Text that strangers wrote must not move the cursor or change colours of the terminal that shows it. */
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const printable = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
