import { examine } from "./evidence/examination";
import { tellIdle, tellImages } from "./explanation";
import { Failure } from "./failure";
import { REQUEST_BYTES } from "./limits";
import { Input } from "./request/input";
import {
  Builder,
  Document,
  encodeSettingsVerdict,
  JsonError,
  Path,
  Problems,
  Text,
  ValidationResponse,
} from "./sdk";
import { Settings } from "./settings/settings";
import { BAD_REQUEST, encodeVerdict } from "./verdict/encode";
import { Verdict } from "./verdict/verdict";
import { runsNothing, Workload } from "./workload/workload";

/** Decides an admission request: from the payload of `validate` to the response. */
export function validate(payload: Text): Text {
  const input = Input.decode(payload);
  const unreadable = input.failure;
  if (unreadable) return reject(unreadable);
  const document = input.document;
  const request = input.request!;
  const settings = input.settings!;

  if (runsNothing(document, request)) {
    tellIdle();
    return ValidationResponse.accept().encode();
  }
  const found = Workload.find(document, request, settings.workloads);
  const unknown = found.failure;
  if (unknown) return reject(unknown);
  const workload = found.value!;
  tellImages(workload);
  const examinations = examine(workload, settings, request.namespace);
  const verdict = Verdict.decide(examinations, settings, request, workload);
  return encodeVerdict(verdict, document, request);
}

/** Says what is wrong with settings: from the payload of `validate_settings` to the response. */
export function validateSettings(payload: Text): Text {
  const problems = new Problems();
  const root = Path.root("");
  const tooLarge = payload.length > REQUEST_BYTES;
  const document = Document.read(tooLarge ? new Text(payload.start, 0) : payload);
  if (tooLarge) problems.add(root, "settings have more than 8 MiB");
  else if (document.error != JsonError.None) {
    const line = new Builder().ascii("settings are not JSON: ").text(document.errorText());
    problems.addLine(root, line);
  } else Settings.decode(document, 0, root, problems).refuseUnusableKeys(problems);
  return encodeSettingsVerdict(problems);
}

/** A rejection of a request as a whole. */
function reject(failure: Failure): Text {
  const line = new Builder().ascii("request: ");
  failure.write(line);
  return ValidationResponse.reject(line.view(), BAD_REQUEST).encode();
}
