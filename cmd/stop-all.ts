import { loadConfig } from "./compose/config.ts";
import { logFolderOf } from "./start-all.ts";
import { BackgroundProcesses } from "./topology/background.ts";

const usage = `scripts/stop-all.sh [the flags of npm start]

Stops the processes that scripts/start-all.sh started on the data folder, and no others: the gateway first, the database
last. Waits for each, as long as KINORA_STOP_DELAY and KINORA_STOP_MAX say, and kills it then.

Exit codes: 0 all ended · 1 one had to be killed · 2 wrong arguments`;

/** Longer than a process needs to end itself when its time is over. */
const marginMs = 1_000;

/** Yields the exit code. */
export async function stopAll(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Pick<Console, "log" | "error">,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  const { config } = loadConfig(argv, environment, process.cwd());
  const background = new BackgroundProcesses(logFolderOf(config.data));
  const processes = background.list();
  if (processes.length === 0) output.log(`nothing that scripts/start-all.sh started runs on ${config.data}`);
  const { stopDelayMs = 0, stopMsMax } = config.server;
  let killed = 0;
  await background.stop(processes, stopDelayMs + stopMsMax + marginMs, ({ name, pid }, how) => {
    if (how === "killed") killed += 1;
    const says = how === "killed" ? "did not stop in time and was killed" : how;
    (how === "killed" ? output.error : output.log)(`${how === "stopped" ? "✔" : "✖"} ${name}: ${says}, process ${pid}`);
  });
  return killed === 0 ? 0 : 1;
}
