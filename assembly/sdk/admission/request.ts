import { Document } from "../json/document";
import { Fields } from "../json/fields";
import { Path } from "../json/path";
import { Problems } from "../json/problems";
import { Text } from "../text/text";

/** A Kubernetes `admission.k8s.io/v1` AdmissionRequest, as far as policies ask for it. */
export class AdmissionRequest {
  private constructor(
    readonly uid: Text,
    readonly operation: Text,
    /** Group and kind of the object, such as `apps` and `Deployment`; the core group is empty. */
    readonly group: Text,
    readonly kind: Text,
    readonly subResource: Text,
    /** Empty for what is in no namespace. */
    readonly namespace: Text,
    readonly name: Text,
    /** Tokens of the object and, on UPDATE and DELETE, of the one before; NONE where there is none. */
    readonly object: i32,
    readonly oldObject: i32,
  ) {}

  /** Reads the request at `value`. What it cannot do without goes to `problems`; null if it is no object. */
  static decode(document: Document, value: i32, problems: Problems): AdmissionRequest | null {
    const fields = Fields.of(document, value, Path.root("request"), problems);
    if (!fields) return null;
    const kind = fields.object("kind");
    if (!kind) {
      problems.add(Path.root("request.kind"), "is required");
      return null;
    }
    return new AdmissionRequest(
      orEmpty(fields.text("uid")),
      orEmpty(fields.requiredText("operation")),
      orEmpty(kind.text("group")),
      orEmpty(kind.requiredText("kind")),
      orEmpty(fields.text("subResource")),
      orEmpty(fields.text("namespace")),
      orEmpty(fields.text("name")),
      fields.value("object"),
      fields.value("oldObject"),
    );
  }
}

function orEmpty(text: Text | null): Text {
  return text ? text : new Text(0, 0);
}
