import { Code, Failure } from "../failure";
import { REQUEST_BYTES } from "../limits";
import { AdmissionRequest, Builder, Document, JsonError, Path, Problems, Text } from "../sdk";
import { Settings } from "../settings/settings";

/** The payload of `validate`, decoded: what is asked, and what the administrator wants. */
export class Input {
  request: AdmissionRequest | null = null;
  settings: Settings | null = null;
  /** Why the payload cannot be judged; null if it can. */
  failure: Failure | null = null;

  private constructor(readonly document: Document) {}

  static decode(payload: Text): Input {
    const tooLarge = payload.length > REQUEST_BYTES;
    const document = Document.read(tooLarge ? new Text(payload.start, 0) : payload);
    const input = new Input(document);
    if (tooLarge) input.failure = Failure.of(Code.RequestTooLarge, "it has more than 8 MiB");
    else if (document.error != JsonError.None) {
      const detail = new Builder().ascii("it is not JSON: ").text(document.errorText()).view();
      input.failure = new Failure(Code.RequestNotJson, detail);
    } else input.decodeParts();
    return input;
  }

  private decodeParts(): void {
    const document = this.document;
    const ofSettings = new Problems();
    const path = Path.root("settings");
    this.settings = Settings.decode(document, document.field(0, "settings"), path, ofSettings);
    if (!ofSettings.none) {
      this.failure = new Failure(Code.SettingsInvalid, ofSettings.text("; "));
      return;
    }
    const ofRequest = new Problems();
    this.request = AdmissionRequest.decode(document, document.field(0, "request"), ofRequest);
    if (!ofRequest.none) this.failure = new Failure(Code.RequestInvalid, ofRequest.text("; "));
  }
}
