import { Examination, Finding } from "../evidence/examination";
import { Code, Failure } from "../failure";
import { MESSAGE_BYTES, WARNINGS } from "../limits";
import { AdmissionRequest, Text } from "../sdk";
import { Settings, Unmatched } from "../settings/settings";
import { Workload } from "../workload/workload";
import { findingLine, warningLine } from "./line";

/** An image string of the request, and the digest to write behind it. */
export class Pin {
  constructor(
    /** Token of the string. */
    readonly token: i32,
    readonly digest: Text,
  ) {}
}

/** What becomes of a request: rejected if there is a rejection, accepted if there is none. */
export class Verdict {
  /** Why it is rejected, a line each. */
  readonly rejections: Array<Text> = [];
  readonly warnings: Array<Text> = [];
  /** What to change in the object, in the order of the request's text. */
  readonly pins: Array<Pin> = [];

  /** Bytes of the rejections. */
  private size: i32 = 0;

  private constructor(
    /** What the verdict is about, for the audit log. */
    readonly examinations: Array<Examination>,
  ) {}

  static decide(
    examinations: Array<Examination>,
    settings: Settings,
    request: AdmissionRequest,
    workload: Workload,
  ): Verdict {
    const verdict = new Verdict(examinations);
    for (let i = 0; i < examinations.length; i++) {
      const examination = examinations[i];
      for (let k = 0; k < examination.findings.length; k++) {
        verdict.note(examination, examination.findings[k]);
      }
      if (examination.unmatched) verdict.noteUnmatched(examination, settings.unmatchedImages);
    }
    if (verdict.rejections.length > 0 || !settings.modifyImagesWithDigest) return verdict;
    if (workload.isMadeReplicaSet) return verdict;
    const ephemeral = request.subResource.is("ephemeralcontainers");
    for (let i = 0; i < examinations.length; i++) verdict.pin(examinations[i], ephemeral);
    return verdict;
  }

  private note(examination: Examination, finding: Finding): void {
    // What nobody will see is counted and not written: there may be a line for each image and rule.
    if (finding.warns) {
      const isShown = this.warnings.length < WARNINGS;
      this.warnings.push(isShown ? warningLine(examination.image, finding) : new Text(0, 0));
    } else {
      const isShown = this.size <= MESSAGE_BYTES;
      const line = isShown ? findingLine(examination.image, finding) : new Text(0, 0);
      this.size += line.length;
      this.rejections.push(line);
    }
  }

  private noteUnmatched(examination: Examination, unmatched: Unmatched): void {
    if (unmatched == Unmatched.Accept) return;
    const warns = unmatched == Unmatched.Warn;
    const failure = Failure.of(
      Code.ImageUnmatched,
      warns ? "no rule is for it" : "no rule is for it, and only images with a rule may run",
    );
    this.note(examination, new Finding(null, failure, warns));
  }

  /**
   * Pins an image that is new in this request: writing to one that was there before would restart its container.
   * On the subresource of ephemeral containers, nothing else may be changed.
   */
  private pin(examination: Examination, ephemeralOnly: bool): void {
    const image = examination.image;
    const reference = image.reference;
    const digest = examination.digest;
    if (!digest || !reference || reference.digest || image.unchanged) return;
    if (ephemeralOnly && image.list != "ephemeralContainers") return;
    // Evidence may be asked for in another order than the text has.
    let at = this.pins.length;
    while (at > 0 && this.pins[at - 1].token > image.token) at--;
    const pin = new Pin(image.token, digest);
    this.pins.push(pin);
    for (let i = this.pins.length - 1; i > at; i--) this.pins[i] = this.pins[i - 1];
    this.pins[at] = pin;
  }
}
