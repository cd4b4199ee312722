import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

/** How child processes are started; a test puts a fake decoder here. */
export interface Children {
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}

export const realChildren: Children = { spawn: (command, args, options) => spawn(command, args, options) };
