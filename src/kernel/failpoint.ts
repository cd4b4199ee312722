/** What a failpoint does when it is reached (reliability F2). */
export type FailpointAction = "crash" | "error" | "sleep";

export interface Failpoints {
  /** Marks a border between two durable steps; does nothing unless the point was armed. */
  hit(name: string): Promise<void>;
}

/** How long `sleep` waits: long enough for a test to act in between. */
const sleepMs = 3_000;

export const noFailpoints: Failpoints = { hit: async () => undefined };

/**
 * The points named in `KINORA_FAILPOINT=name:action[,name:action…]`.
 * `crash` ends this process as `kill -9` would; `error` throws; `sleep` waits three seconds.
 */
export function armedFailpoints(text: string): Failpoints {
  const armed = new Map<string, FailpointAction>();
  for (const entry of text.split(",").filter(Boolean)) {
    const [name, action] = entry.trim().split(":");
    if (!name || (action !== "crash" && action !== "error" && action !== "sleep"))
      throw new TypeError(`"${entry}" is not name:crash, name:error or name:sleep`);
    armed.set(name, action);
  }
  return {
    async hit(name) {
      const action = armed.get(name);
      if (action === "crash") process.kill(process.pid, "SIGKILL");
      if (action === "crash" || action === "sleep") await new Promise((resolve) => setTimeout(resolve, sleepMs));
      if (action === "error") throw new Error(`failpoint ${name}`);
    },
  };
}
