import { ClusterReader } from "../cluster/reader";
import { tellExamination, tellOutcome, tellUnmatched } from "../explanation";
import { Code, Failure } from "../failure";
import { Namespace } from "../rules/namespace";
import { Selected, Selection } from "../rules/select";
import { Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Settings } from "../settings/settings";
import { ContainerImage } from "../workload/container-image";
import { Workload } from "../workload/workload";
import { Work } from "../work";
import { Evidence } from "./evidence";
import { Inquiry } from "./inquiry";
import { Subject } from "./subject";

/** A failure, and the rule that is not met, if it is about one. */
export class Finding {
  constructor(
    readonly rule: Rule | null,
    readonly failure: Failure,
    /** Whether the administrator wants to be warned of it only. */
    readonly warns: bool,
  ) {}
}

/** What came of looking at one image: evidence for each rule that it meets, a finding for each that it does not. */
export class Examination {
  private constructor(
    readonly image: ContainerImage,
    readonly evidence: Array<Evidence>,
    readonly findings: Array<Finding>,
    /** No rule is for this image. */
    readonly unmatched: bool,
  ) {}

  /** Examines an image against all the rules that are for it in this namespace. */
  static of(
    image: ContainerImage,
    settings: Settings,
    namespace: Namespace,
    inquiry: Inquiry,
  ): Examination {
    tellExamination(image, null);
    const reference = image.reference;
    if (!reference)
      return new Examination(image, [], [new Finding(null, image.failure!, false)], false);
    const selection = new Selection(settings.rules, reference, namespace);
    const examination = new Examination(image, [], [], !selection.matched);
    if (!selection.matched) tellUnmatched(settings.unmatchedImages, selection.rules.length > 0);
    const rules = selection.rules;
    const subject = new Subject(reference);
    for (let i = 0; i < rules.length; i++) examination.apply(rules[i], subject, inquiry);
    examination.refuseOtherDigests();
    return examination;
  }

  /** What is known of an image holds for it in another place too. */
  at(image: ContainerImage): Examination {
    tellExamination(image, this.image);
    return new Examination(image, this.evidence, this.findings, this.unmatched);
  }

  /** The one digest that all the evidence is for; null if there is none. */
  get digest(): Text | null {
    return this.evidence.length > 0 ? this.evidence[0].digest : null;
  }

  private apply(selected: Selected, subject: Subject, inquiry: Inquiry): void {
    const rule = selected.rule;
    let failure = selected.failure;
    let digest: Text | null = null;
    if (!failure) {
      const result = Evidence.collect(rule, subject, inquiry);
      failure = result.failure;
      if (!failure) {
        this.evidence.push(result.value!);
        digest = result.value!.digest;
      }
    }
    tellOutcome(rule.number, digest, failure);
    if (failure) this.findings.push(new Finding(rule, failure, rule.warns));
  }

  /** Evidence for two digests is evidence for no image: all of it is dropped. */
  private refuseOtherDigests(): void {
    const all = this.evidence;
    let warns = true;
    let other: Rule | null = null;
    for (let i = 0; i < all.length; i++) {
      if (!all[i].rule.warns) warns = false;
      if (!all[i].digest.same(all[0].digest)) other = all[i].rule;
    }
    if (!other) return;
    const failure = Failure.of(
      Code.DigestsDiffer,
      "the rules were met by different images: its tag may be moving; name the image by digest",
    );
    this.findings.push(new Finding(other, failure, warns));
    all.length = 0;
  }
}

/**
 * Examines the images of a workload, in their order. An image that its container had before the request is passed
 * over, unless the settings ask for it: Kubernetes does not refuse an update for what it leaves as it was.
 */
export function examine(
  workload: Workload,
  settings: Settings,
  namespace: Text,
): Array<Examination> {
  const images = workload.images;
  const work = new Work();
  const cluster = new ClusterReader(work, namespace);
  const inquiry = new Inquiry(workload, work, cluster);
  const where = new Namespace(namespace, cluster);
  const examinations: Array<Examination> = [];
  for (let i = 0; i < images.length; i++) {
    if (images[i].unchanged && !settings.verifyUnchangedImages) continue;
    const same = findSame(examinations, images[i]);
    examinations.push(
      same ? same.at(images[i]) : Examination.of(images[i], settings, where, inquiry),
    );
  }
  return examinations;
}

/** The examination of an image that is the same in its canonical spelling. */
function findSame(examinations: Array<Examination>, image: ContainerImage): Examination | null {
  const reference = image.reference;
  if (!reference) return null;
  for (let i = 0; i < examinations.length; i++) {
    const other = examinations[i].image.reference;
    if (other && other.canonical.same(reference.canonical)) return examinations[i];
  }
  return null;
}
