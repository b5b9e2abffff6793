import { Builder } from "../text/builder";
import { Text } from "../text/text";

/** What a policy answers to `validate`: Kubewarden's ValidationResponse. Fields that are not set are left out. */
export class ValidationResponse {
  private readonly annotations: Builder = new Builder();
  private readonly warnings: Builder = new Builder();
  private message: Text | null = null;
  private code: i32 = 0;
  private mutated: Array<Text> = [];

  private constructor(private readonly accepted: bool) {}

  static accept(): ValidationResponse {
    return new ValidationResponse(true);
  }

  /** `code` is the HTTP status that the API server shows with the message. */
  static reject(message: Text, code: i32): ValidationResponse {
    const response = new ValidationResponse(false);
    response.message = message;
    response.code = code;
    return response;
  }

  /** The object as it is to be, in JSON: pieces that are written one behind the other, so that it is copied once. */
  mutate(pieces: Array<Text>): void {
    this.mutated = pieces;
  }

  /** A line that the API server shows to whoever made the request: Kubernetes asks for at most 120 characters. */
  warn(line: Text): void {
    if (this.warnings.size > 0) this.warnings.byte(0x2c);
    this.warnings.json(line);
  }

  /** An entry of the audit log; `key` is the name part of a Kubernetes qualified name. */
  annotate(key: Text, value: Text): void {
    if (this.annotations.size > 0) this.annotations.byte(0x2c);
    this.annotations.json(key).byte(0x3a).json(value);
  }

  encode(): Text {
    const mutated = this.mutated;
    const message = this.message;
    let size = 256 + this.warnings.size + this.annotations.size;
    if (message) size += message.length;
    for (let i = 0; i < mutated.length; i++) size += mutated[i].length;
    const json = new Builder(size);
    json.ascii(this.accepted ? '{"accepted":true' : '{"accepted":false');
    if (message) json.ascii(',"message":').json(message);
    if (this.code > 0) json.ascii(',"code":').int(this.code);
    if (mutated.length > 0) json.ascii(',"mutated_object":');
    for (let i = 0; i < mutated.length; i++) json.text(mutated[i]);
    if (this.annotations.size > 0) {
      json.ascii(',"audit_annotations":{').text(this.annotations.view()).byte(0x7d);
    }
    if (this.warnings.size > 0) {
      json.ascii(',"warnings":[').text(this.warnings.view()).byte(0x5d);
    }
    return json.byte(0x7d).view();
  }
}
