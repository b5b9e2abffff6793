import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { callHost } from "../wapc/host";
import * as names from "./names";

/** A structured event for the host's log. */
export class LogEvent {
  private readonly json: Builder = new Builder(256);

  /** `level`: trace, debug, info, warning or error. */
  constructor(level: string, message: string) {
    this.json.ascii('{"level":"').ascii(level).ascii('","message":"').ascii(message).byte(0x22);
  }

  with(name: string, value: Text): LogEvent {
    this.json.ascii(',"').ascii(name).ascii('":').json(value);
    return this;
  }

  /** Sends it. What the host answers makes no difference to the policy. */
  send(): void {
    const event = this.json.byte(0x7d).view();
    callHost(names.binding(), names.tracing(), names.log(), event);
  }
}
