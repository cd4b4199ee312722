import type { Cue } from "./cue.ts";

/** Plain WebVTT (§4.1): no styles, no regions, no notes, times with hours; `head` follows its first line. Pure. */
export function writeWebVtt(cues: readonly Cue[], head = ""): string {
  const blocks = cues.map(({ startMs, endMs, settings, text }) => {
    const timing = `${momentOf(startMs)} --> ${momentOf(endMs)}`;
    return `${settings === "" ? timing : `${timing} ${settings}`}\n${text}\n`;
  });
  return [`WEBVTT\n${head}`, ...blocks].join("\n");
}

function momentOf(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}.${String(ms % 1_000).padStart(3, "0")}`;
}
