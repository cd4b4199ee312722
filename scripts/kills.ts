import { percentile } from "../test/fault/crash/crash-loop.ts";
import { killEach, ofNine } from "../test/fault/fleet/fleet.ts";

/*
 * The kills of test/fault/fleet with as many rounds as are asked for:
 *
 *   npm run test:kills -- 200             kills each of nine processes 200 times under load
 *   npm run test:kills -- 20 auth worker  only the processes of these services
 */
const [rounds = "20", ...services] = process.argv.slice(2);
const { count, recoveriesMs, reads } = await killEach(ofNine, Number(rounds), { report: console.log, services });
console.log(
  `${count} kills: no acknowledged write lost, none twice; ${reads.failed} of ${reads.asked} other reads failed`,
);
console.log(
  `recovery: p50 ${percentile(recoveriesMs, 0.5)} ms, p99 ${percentile(recoveriesMs, 0.99)} ms, max ${percentile(recoveriesMs, 1)} ms`,
);
