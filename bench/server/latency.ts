/*
 * How long requests for an address take, one after the other: the milliseconds that 99 of 100 take at most. A process of
 * its own, so that the work of other clients is none of it.
 */
const [url = "", count = "0"] = process.argv.slice(2);
const times: number[] = [];
for (let n = 0; n < Number(count); n++) {
  const began = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  times.push(performance.now() - began);
}
console.log(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]);
