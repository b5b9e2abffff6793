/** Microseconds of one call: the least and the median over all rounds. */
export interface Timing {
  least: number;
  median: number;
}

/**
 * Times functions side by side: in every round each has its turn, so that what else the machine does falls on all
 * of them alike. A turn lasts about five milliseconds.
 */
export function timeTogether(functions: (() => void)[], rounds = 40): Timing[] {
  const repeats = functions.map((call) => {
    call();
    return Math.max(1, Math.round(5_000 / once(call, 3)));
  });
  const samples: number[][] = functions.map(() => []);
  for (let round = 0; round < rounds; round++) {
    functions.forEach((call, i) => samples[i]!.push(once(call, repeats[i]!)));
  }
  return samples.map((list) => {
    list.sort((a, b) => a - b);
    return { least: list[0]!, median: list[list.length >> 1]! };
  });
}

function once(call: () => void, repeats: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < repeats; i++) call();
  return Number(process.hrtime.bigint() - start) / 1000 / repeats;
}
