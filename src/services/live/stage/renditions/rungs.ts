import { createChildren } from "#media/process/children";
import type { LiveEvent } from "#media/live/events";
import type { RungState } from "#media/live/renditions/rung-encoder";
import { rungArguments, soundRungArguments } from "#media/live/renditions/rung-ladder";
import { Supply } from "#media/process/supply";
import type { LiveHost } from "../../settings.ts";
import { type Renditions, joinRenditions } from "./renditions.ts";
import { RungBudget, RungSet } from "./rung-set.ts";
import { SoundRung } from "./sound-rung.ts";

/** An encoder works as long as its stream lasts. */
const cpuSeconds = 14 * 86_400;
/** It writes pipes alone. */
const fileBytes = 2 ** 20;
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", HOME: "/nonexistent" };

/** The media tools of this process, which the transcoder says to operators. */
export function createLiveTools({ environment: surroundings, settings, log }: LiveHost): Supply {
  const quietly = (message: string, fields?: Parameters<typeof log.debug>[1]) => log.debug(message, fields);
  return new Supply({
    configured: settings.ffmpeg,
    searchPath: surroundings.searchPath,
    sandbox: settings.sandbox,
    children: createChildren(surroundings.children),
    log: { info: quietly, warn: quietly },
  });
}

/** Makes the further encodings of streams. Sound costs so little that it takes no place of pictures. */
export function createRungs({ settings, log, environment: { children } }: LiveHost, supply: Pick<Supply, "tools">) {
  const budget = new RungBudget(settings.rungsMax);
  const system = createChildren(children);
  async function start(encoderArguments: readonly string[]) {
    const tools = await supply.tools();
    if (tools === undefined) throw new Error("there is no FFmpeg");
    const command = [tools.ffmpeg.path, ...encoderArguments];
    const wrapped = tools.sandbox.wrap(command, { cpuSeconds, fileBytes, priority: "live" }, { inputs: [] });
    return tools.children.start(wrapped, { env: environment, hasInput: true });
  }
  const common = {
    endGroup: (pid: number) => system.endGroup(pid),
    monotonicMs: () => performance.now(),
    failed: (rung: string, why: unknown, state: RungState) =>
      log.warn("an encoder of a live stream ended", { rung, state, why: String(why) }),
  };
  return (emit: (event: LiveEvent) => void, isGuest: boolean): Renditions =>
    joinRenditions([
      new SoundRung({ ...common, emit, start: (source) => start(soundRungArguments(source)) }),
      ...(isGuest ? [] : [new RungSet({ ...common, emit, budget, start: (rung) => start(rungArguments(rung)) })]),
    ]);
}
