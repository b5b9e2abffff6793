import { Code, Result } from "../failure";
import { HOST_CALLS, RULES } from "../limits";
import { Builder, SigstoreRequest, Text } from "../sdk";
import { verify } from "../sdk/host/oci";
import { Rule } from "../settings/rule";
import { readAnswer } from "./answer";
import { Questions } from "./question";

/** A question that was put to the host, and what came of it. */
class Asked {
  constructor(
    readonly request: SigstoreRequest,
    readonly image: Text,
    readonly result: Result<Text>,
  ) {}
}

/** All that one admission request asks the host: the only place that does, and no question twice. */
export class Inquiry {
  private readonly asked: Array<Asked> = [];
  /** Questions of the rules, by number, as far as they were needed. */
  private readonly questions: StaticArray<Questions | null> = new StaticArray<Questions | null>(
    RULES + 1,
  );
  /** Where requests are written: with a long chain they are too big to keep each. */
  private readonly payload: Builder = new Builder(1024);
  private put: i32 = 0;

  /** What to ask about images that a rule is for. Put together once, when it is first needed. */
  questionsOf(rule: Rule): Questions {
    const known = this.questions[rule.number];
    if (known) return known;
    const questions = new Questions(rule);
    this.questions[rule.number] = questions;
    return questions;
  }

  /** Asks about an image, in its canonical spelling; gives the digest that the host vouches for. */
  ask(request: SigstoreRequest, image: Text): Result<Text> {
    if (this.put++ >= HOST_CALLS) {
      return Result.fail<Text>(
        Code.TooManyCalls,
        "needs more than the 512 calls that a request may cost",
      );
    }
    for (let i = 0; i < this.asked.length; i++) {
      const asked = this.asked[i];
      if (asked.image.same(image) && asked.request.same(request)) return asked.result;
    }
    request.write(this.payload.clear(), image);
    const result = readAnswer(verify(this.payload.view()));
    this.asked.push(new Asked(request, image, result));
    return result;
  }
}
