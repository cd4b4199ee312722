import { readFileSync } from "node:fs";
import type { Children } from "#media/process/children";
import { descendantsOf } from "#media/process/descendants";

interface CpuTime {
  readonly children: Children;
  /** The most memory that any of them had (proc(5), VmHWM). */
  readonly peakBytes: () => number;
  /** Their CPU time, all together, until the last look at each. */
  readonly cpuMs: () => number;
}

/** Children of which one knows afterwards what they took, however busy the machine was with others. */
export function cpuTimeOf(children: Children): CpuTime {
  let peak = 0;
  const ticks = new Map<number, number>();
  const look = (pid: number): void => {
    for (const one of [pid, ...descendantsOf(pid)])
      try {
        const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/status`, "utf8")) ?? [];
        peak = Math.max(peak, Number(kilobytes ?? 0) * 1_024);
        // Fields 14 and 15, in ticks of 10 ms, after the name, which may hold anything.
        const stat = readFileSync(`/proc/${one}/stat`, "latin1");
        const [user, system] = stat
          .slice(stat.lastIndexOf(")") + 2)
          .split(" ")
          .slice(11, 13)
          .map(Number);
        ticks.set(one, (user ?? 0) + (system ?? 0));
      } catch {
        // It has ended.
      }
  };
  return {
    peakBytes: () => peak,
    cpuMs: () => 10 * [...ticks.values()].reduce((sum, some) => sum + some, 0),
    children: {
      ...children,
      async start(command, options) {
        const child = await children.start(command, options);
        look(child.pid);
        const looking = setInterval(look, 2, child.pid);
        void child.ended.then(() => clearInterval(looking));
        return child;
      },
    },
  };
}
