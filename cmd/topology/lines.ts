import type { Readable } from "node:stream";
import { createInterface } from "node:readline";

/** Lines for people that a process prints when it is ready; the topology prints those of its gateway once. */
const announcement = /^(?:Kinora is ready at|  from another device:|  make the administrator:) ?/;
const tailLines = 40;

/** The output of the processes of a topology, each line with the name of its process. */
export interface LineOutput {
  /** Passes on what a process prints. Yields its last lines, and its announcement. */
  attach(name: string, streams: { readonly stdout: Readable; readonly stderr: Readable }): ProcessLines;
}

export interface ProcessLines {
  readonly tail: readonly string[];
  readonly announcement: readonly string[];
}

interface Target {
  write(text: string): unknown;
}
interface Targets {
  readonly stdout: Target;
  readonly stderr: Target;
}

/**
 * Lines of JSON get the name as their first field, so that they remain JSON; all others get it in front.
 * @param width the length of the longest name
 */
export function createLineOutput(width: number, targets: Targets = process): LineOutput {
  return {
    attach(name, streams) {
      const tail: string[] = [];
      const announcementLines: string[] = [];
      for (const stream of ["stdout", "stderr"] as const)
        createInterface({ input: streams[stream] }).on("line", (line) => {
          if (announcement.test(line)) return void announcementLines.push(line);
          tail.push(line);
          if (tail.length > tailLines) tail.shift();
          targets[stream].write(`${namedLine(name.padEnd(width), line)}\n`);
        });
      return { tail, announcement: announcementLines };
    },
  };
}

function namedLine(name: string, line: string): string {
  const isJson = line.startsWith('{"') && line.endsWith("}");
  return isJson ? `{"process":"${name.trimEnd()}",${line.slice(1)}` : `${name} │ ${line}`;
}
