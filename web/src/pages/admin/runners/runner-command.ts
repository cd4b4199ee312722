/** The place of the token in the command before there is one. */
const placeholder = "kreg_…";

/** The command that starts a runner of this site. Pure. */
export const runnerCommand = (origin: string, token = placeholder): string =>
  `KINORA_RUNNER_URL=${origin} KINORA_RUNNER_TOKEN=${token} npm run runner`;
