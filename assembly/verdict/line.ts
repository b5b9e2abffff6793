import { Finding } from "../evidence/examination";
import { codeName } from "../failure";
import { WARNING_BYTES } from "../limits";
import { Builder, lengthOf, Text } from "../sdk";
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

/**
 * The same as a warning, for which there is less room: if it is too long, without the rule's pattern and the
 * container's name, and then cut so that its code is still there.
 */
export function warningLine(image: ContainerImage, finding: Finding): Text {
  const whole = findingLine(image, finding);
  if (whole.length <= WARNING_BYTES) return whole;
  const line = new Builder(256);
  image.writeShort(line);
  const rule = finding.rule;
  if (rule) line.ascii(" (rule ").int(rule.number).byte(0x29);
  line.ascii(": ").text(finding.failure.detail);
  const code = codeName(finding.failure.code);
  // " [", "]" and the "..." of what is cut
  const room = WARNING_BYTES - lengthOf(code) - 6;
  return new Builder().plain(line.view(), room).ascii(" [").ascii(code).byte(0x5d).view();
}
