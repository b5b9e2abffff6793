import { Finding } from "../evidence/examination";
import { codeName } from "../failure";
import { WARNING_BYTES } from "../limits";
import { Builder, Text } from "../sdk";
import { ContainerImage } from "../workload/container-image";

/**
 * A finding in one line: where, which image, which rule, why, and the code.
 *
 *     containers[1] "web" image "nginx:1.25" (rule 2, registry.example.com/*): … [failure-code]
 */
export function findingLine(image: ContainerImage, finding: Finding): Text {
  const line = new Builder(256);
  image.write(line);
  const rule = finding.rule;
  if (rule) {
    rule.write(line.ascii(" ("));
    line.byte(0x29);
  }
  finding.failure.write(line.ascii(": "));
  return line.view();
}

/** The same as a warning: cut in the middle if it is too long for one, so that its code is still there. */
export function warningLine(image: ContainerImage, finding: Finding): Text {
  const whole = findingLine(image, finding);
  if (whole.length <= WARNING_BYTES) return whole;
  const code = codeName(finding.failure.code);
  // " [", "]" and the "..." of what is cut
  const room = WARNING_BYTES - code.length - 6;
  return new Builder().plain(whole, room).ascii(" [").ascii(code).byte(0x5d).view();
}
