/** Ends the command with a message for its user, and no stack. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Progress goes to stderr: stdout belongs to the program that is started. */
export function say(message) {
  console.error(`kinora: ${message}`);
}
