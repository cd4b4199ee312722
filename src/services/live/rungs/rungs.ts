import { childrenOf } from "#media/children";
import type { LiveEvent } from "#media/live/events";
import { rungArguments } from "#media/live/rung-ladder";
import { Supply } from "#media/supply";
import type { LiveHost } from "../settings.ts";
import { RungBudget, RungSet } from "./rung-set.ts";

/** An encoder works as long as its stream lasts. */
const cpuSeconds = 14 * 86_400;
/** It writes pipes alone. */
const fileBytes = 2 ** 20;
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", HOME: "/nonexistent" };

/** The media tools of this process, which the transcoder says to operators. */
export function liveTools({ environment: surroundings, settings, log }: LiveHost): Supply {
  const quietly = (message: string, fields?: Parameters<typeof log.debug>[1]) => log.debug(message, fields);
  return new Supply({
    configured: settings.ffmpeg,
    searchPath: surroundings.searchPath,
    sandbox: settings.sandbox,
    children: childrenOf(surroundings.children),
    log: { info: quietly, warn: quietly },
  });
}

/** Makes the rungs of streams; undefined where this process encodes none. */
export function rungsOf({ settings, log, environment: { children } }: LiveHost, supply: Pick<Supply, "tools">) {
  if (settings.rungsMax === 0) return undefined;
  const budget = new RungBudget(settings.rungsMax);
  const system = childrenOf(children);
  return (emit: (event: LiveEvent) => void): RungSet =>
    new RungSet({
      emit,
      budget,
      async start(rung) {
        const tools = await supply.tools();
        if (tools === undefined) throw new Error("there is no FFmpeg");
        const command = [tools.ffmpeg.path, ...rungArguments(rung)];
        const wrapped = tools.sandbox.wrap(command, { cpuSeconds, fileBytes, priority: "live" }, { inputs: [] });
        return tools.children.start(wrapped, { env: environment, hasInput: true });
      },
      endGroup: (pid) => system.endGroup(pid),
      monotonicMs: () => performance.now(),
      failed: (rung, why, state) => log.warn("an encoder of a live stream ended", { rung, state, why: String(why) }),
    });
}
