import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { colors } from "../host/colors.js";
import { isAsShown, parseGuide, runGuide, updateGuide, type Surroundings } from "./guide.js";

/** Carries out guides, and prints what a terminal would show, with what is not as the guide has it. */
export class Transcript {
  readonly count = { passed: 0, failed: 0 };

  /** @param update whether to put the real output into the guides where they show another */
  constructor(private readonly update: boolean) {}

  async carryOut(path: string, surroundings?: Surroundings): Promise<void> {
    const guide = readFileSync(path, "utf8");
    console.log(colors.bold(`# ${relative("", path)}`));
    const ran = await runGuide(parseGuide(guide), surroundings);
    for (const each of ran) {
      const good = this.update || isAsShown(each);
      this.count[good ? "passed" : "failed"]++;
      console.log(`${colors.dim("$")} ${each.step.command}`);
      if (each.output) console.log(each.output);
      if (!good) console.log(colors.red(`This is not as shown, which is:\n${each.step.output}`));
    }
    console.log();
    if (this.update) writeFileSync(path, updateGuide(guide, ran));
  }

  /** Says why a guide is not for here. */
  leaveOut(path: string, why: string): void {
    console.log(`# ${relative("", path)}\nnot carried out, for ${why}\n`);
  }

  /** Prints the counts; returns the exit code. */
  end(): number {
    const { passed, failed } = this.count;
    console.log(`${passed} passed, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  }
}
