import { killWorkers } from "../test/fault/media/killed-workers.ts";
import { Random } from "../test/random.ts";

/*
 * A server that is killed at random moments while it processes videos, as long and as often as is asked for:
 *
 *   npm run test:workers                 50 videos, 30 kills
 *   npm run test:workers -- 100 60 7     100 videos, 60 kills, with seed 7
 */
const [jobs = 50, kills = 30, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
console.log(`${jobs} videos, ${kills} kills, seed ${seed}`);
const { hits } = await killWorkers({ jobs, kills, random: new Random(seed), say: (line) => console.log(line) });
console.log(`all ${jobs} are ready and nothing is left; ${hits} of ${kills} kills hit media processes at work`);
if (hits === 0) process.exitCode = 1;
