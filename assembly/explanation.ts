import { Question } from "./evidence/questions";
import { Failure } from "./failure";
import { Builder, Text } from "./sdk";
import { consoleLog } from "./sdk/wapc/imports";
import { Rule } from "./settings/rule";
import { Unmatched } from "./settings/settings";
import { ContainerImage } from "./workload/container-image";
import { Workload } from "./workload/workload";

// What the policy alone knows of the way to a verdict, told on the console while it goes that way, a line of JSON for
// each step. Only the operation `explain` wants it: in all others each of these functions costs a comparison. Nothing
// that is told here has any effect.

let wanted: bool = false;

/** Says whether what follows is to be told. */
export function explain(isWanted: bool): void {
  wanted = isWanted;
}

/** One step: `{"step":"…", …}`, its members as they are added. */
class Step {
  private readonly json: Builder = new Builder(256);

  constructor(name: string) {
    this.json.ascii('{"step":"').ascii(name).byte(0x22);
  }

  /** A member; none if there is no text. */
  text(name: string, text: Text | null): Step {
    if (text) this.member(name).json(text);
    return this;
  }

  word(name: string, literal: string): Step {
    return this.text(name, Text.of(literal));
  }

  int(name: string, value: i32): Step {
    this.member(name).int(value);
    return this;
  }

  /** Why it did not go on, if it did not. */
  failure(failure: Failure | null): Step {
    if (!failure) return this;
    const line = new Builder();
    failure.write(line);
    return this.text("failure", line.view());
  }

  tell(): void {
    const line = this.json.byte(0x7d).view();
    consoleLog(line.start, line.length);
  }

  private member(name: string): Builder {
    return this.json.ascii(',"').ascii(name).ascii('":');
  }
}

/** That nothing will run, so that no image is looked for. */
export function tellIdle(): void {
  if (wanted) new Step("idle").tell();
}

/** Which images a workload names, and how each reference is read. */
export function tellImages(workload: Workload): void {
  if (!wanted) return;
  const images = workload.images;
  for (let i = 0; i < images.length; i++) {
    const image = images[i];
    const step = new Step("image").text("at", place(image, workload.podSpecPath));
    step.text("name", image.name).text("text", image.text);
    const reference = image.reference;
    if (reference) {
      step.text("registry", reference.registry).text("repository", reference.repository);
      step.text("tag", reference.tag).text("digest", reference.digest);
    }
    if (image.unchanged) step.word("unchanged", "yes");
    step.failure(image.failure).tell();
  }
}

/** That an image is examined now; `like` is one that was examined already and is the same, if there is one. */
export function tellExamination(image: ContainerImage, like: ContainerImage | null): void {
  if (!wanted) return;
  const step = new Step("examination").text("image", shortPlace(image));
  if (like) step.text("like", shortPlace(like));
  step.tell();
}

/**
 * Whether a rule is for the image, by which pattern or why not: `here`, `elsewhere`, `other` or `excluded`. Elsewhere is
 * by its `namespaces`, or by its `namespaceSelector` if there is a label that the namespace has not as it must be.
 */
export function tellRule(
  rule: Rule,
  is: string,
  pattern: Text | null,
  label: Text | null = null,
): void {
  if (!wanted) return;
  const step = new Step("rule").int("rule", rule.number).text("shown", rule.shown).word("is", is);
  if (label) step.word("by", "namespaceSelector").text("label", label);
  step.text("by", pattern).tell();
}

/** What becomes of an image for which no rule is beyond doubt; `inDoubt` if one is all the same. */
export function tellUnmatched(becomes: Unmatched, inDoubt: bool): void {
  if (!wanted) return;
  const warns = becomes == Unmatched.Warn;
  const word = becomes == Unmatched.Accept ? "accept" : warns ? "warn" : "reject";
  const step = new Step("unmatched").word("becomes", word);
  if (inDoubt) step.word("doubt", "yes");
  step.tell();
}

/** A signature that was tried out for a signer. The payload is there if it is the one that is written for the image. */
export function tellSignature(
  question: Question,
  layer: Text,
  payload: Text | null,
  failure: Failure | null,
): void {
  if (!wanted) return;
  const step = new Step("signature").text("signer", question.signer()).text("layer", layer);
  step.text("payload", payload).failure(failure).tell();
}

/** Whether one signer has signed, or attested: the digest if so. */
export function tellSigner(question: Question, digest: Text | null, failure: Failure | null): void {
  if (!wanted) return;
  const step = new Step("signer").text("signer", question.signer()).word("verb", question.verb);
  step.text("digest", digest).failure(failure).tell();
}

/** What came of a rule: evidence for the digest, or the reason why there is none. */
export function tellOutcome(number: i32, digest: Text | null, failure: Failure | null): void {
  if (!wanted) return;
  new Step("outcome").int("rule", number).text("digest", digest).failure(failure).tell();
}

function shortPlace(image: ContainerImage): Text {
  const place = new Builder();
  image.writeShort(place);
  return place.view();
}

function place(image: ContainerImage, podSpecPath: Array<Text>): Text {
  const place = new Builder();
  for (let i = 0; i < podSpecPath.length; i++) place.text(podSpecPath[i]).byte(0x2e);
  return place.text(shortPlace(image)).view();
}
