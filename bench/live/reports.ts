import type { ChildProcess } from "node:child_process";

/** The next message of a child. Rejects where it ends instead. */
export function reportOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once("message", (report) => resolve(report as T)); // The caller knows what its child sends.
    child.once("exit", () => reject(new Error("the clients ended")));
  });
}

/** Asks a child for its counts. */
export function countsOf<T>(child: ChildProcess): Promise<T> {
  const report = reportOf<T>(child);
  child.send("report");
  return report;
}
