import { Code, Result } from "../failure";
import { HOST_CALLS } from "../limits";
import { Text } from "../sdk";
import { verify } from "../sdk/host/oci";
import { readAnswer } from "./answer";

/** A question that was put to the host, and what came of it. */
class Asked {
  constructor(
    readonly request: Text,
    readonly result: Result<Text>,
  ) {}
}

/** All that one admission request asks the host: the only place that does, and no question twice. */
export class Inquiry {
  private readonly asked: Array<Asked> = [];

  /** Puts a request of `oci` `v2/verify`; gives the digest that the host vouches for. */
  ask(request: Text): Result<Text> {
    for (let i = 0; i < this.asked.length; i++) {
      if (this.asked[i].request.same(request)) return this.asked[i].result;
    }
    if (this.asked.length == HOST_CALLS) {
      return Result.fail<Text>(
        Code.TooManyCalls,
        "needs more than the 512 calls that a request may cost",
      );
    }
    const result = readAnswer(verify(request));
    this.asked.push(new Asked(request, result));
    return result;
  }
}
