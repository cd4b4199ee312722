/**
 * From the strongest. `bwrap` and `namespaces` have a file view, processes and a network of their own, one made by
 * bubblewrap, the other by what every Linux has; `network` is what is left where mounts are forbidden.
 */
export const sandboxLevels = ["bwrap", "namespaces", "network", "limits", "none"] as const;
export type SandboxLevel = (typeof sandboxLevels)[number];

/** Attempts of a compromised decoder, each in words that follow `it cannot`. */
export const attempts = {
  readFiles: "read files other than its input",
  writeFiles: "write outside of its output folder",
  reachLoopback: "reach services of this machine over the network",
  reachNetwork: "reach other machines",
  reachSockets: "reach services of this machine through socket files",
  startProcesses: "start processes without end",
  takeMemory: "take memory without end",
  fillDisk: "write a file without end",
  seeProcesses: "see other processes",
  signalProcesses: "signal other processes",
  readEnvironment: "read the settings and secrets in its own environment",
  readOtherEnvironments: "read those in the environment of the server",
} as const;
export type Attempt = keyof typeof attempts;
export const allAttempts = Object.keys(attempts) as Attempt[]; // The keys of an object of ours.

const counted: readonly Attempt[] = ["startProcesses", "takeMemory", "fillDisk"];

/**
 * The denials of each level to the user that Kinora runs as. It is the one source for `doctor`, the administration page
 * and the documents. In the test, a child makes every attempt at every level that the machine has.
 */
export const denials: Readonly<Record<SandboxLevel, readonly Attempt[]>> = {
  bwrap: allAttempts,
  namespaces: allAttempts,
  network: [...counted, "reachLoopback", "reachNetwork", "signalProcesses", "readEnvironment", "readOtherEnvironments"],
  limits: [...counted, "readEnvironment"],
  none: ["startProcesses", "readEnvironment"],
};

export const allowedAt = (level: SandboxLevel): Attempt[] =>
  allAttempts.filter((attempt) => !denials[level].includes(attempt));
