import { crashLoop, percentile } from "../test/fault/crash/crash-loop.ts";

/*
 * The crash loop of test/fault with as many rounds as are asked for:
 *
 *   npm run test:crash -- 200          kills a server 200 times under mixed writes
 *   npm run test:crash -- 200 12345    the same again, with the seed that was printed
 */
const [rounds = 200, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
console.log(`${rounds} rounds with seed ${seed}`);
const { readyMs, acknowledged, recoveriesKilled } = await crashLoop(rounds, seed, console.log);
console.log(`${acknowledged} writes acknowledged, none lost, none twice; ${recoveriesKilled} recoveries killed`);
console.log(
  `ready: p50 ${percentile(readyMs, 0.5)} ms, p99 ${percentile(readyMs, 0.99)} ms, max ${percentile(readyMs, 1)} ms`,
);
