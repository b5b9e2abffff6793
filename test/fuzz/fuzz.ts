import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { apply, edits } from "./edits.js";
import { targets } from "./targets.js";

// What others write, with some of its bytes changed: nothing traps, and nothing is taken that another reader refuses.
// `make fuzz` runs it, for so many seconds a target, from a seed that it prints.

const seconds = Number(process.env["FUZZ_SECONDS"] || 10);
const seed = Number(process.env["FUZZ_SEED"] || Date.now() % 2 ** 31);

const rows: string[] = [];
afterAll(() => {
  console.log(`\nseed ${seed}, ${seconds} s a target\n`);
  console.log(
    "| read | inputs | taken | taken, and refused by | |\n| --- | --: | --: | --- | --: |",
  );
  console.log(rows.join("\n"));
});

describe(`fuzz, seed ${seed}`, () => {
  test.each(targets)("$name", ({ name, oracle, bases, takes, refuses }) => {
    bases.forEach((bytes, base) => {
      expect(takes(Buffer.from(bytes), base), `${name} ${base} as it is`).toBe(true);
      expect(refuses(Buffer.from(bytes), base)).toBeNull();
    });
    let [inputs, taken, refused] = [0, 0, 0];
    const bytes = fc.nat({ max: bases.length - 1 });
    const property = fc.property(bytes, edits, (base, list) => {
      const spoilt = apply(bases[base]!, list);
      inputs++;
      if (!takes(spoilt, base)) return;
      taken++;
      const why = refuses(spoilt, base);
      if (why !== null) refused++;
      expect(why, spoilt.toString("base64")).toBeNull();
    });
    try {
      fc.assert(property, { seed, numRuns: 1e9, interruptAfterTimeLimit: 1000 * seconds });
    } finally {
      rows.push(`| ${name} | ${inputs} | ${taken} | ${oracle} | ${refused} |`);
    }
  });
});
