// What a policy imports: everything here is about Kubewarden, nothing about images.
export { lengthOf, Text } from "./text/text";
export { Builder } from "./text/builder";
export { Document, NONE } from "./json/document";
export { JsonError } from "./json/error";
export { Kind } from "./json/tape";
export { Path } from "./json/path";
export { Problems } from "./json/problems";
export { Fields, about, readText } from "./json/fields";
export { GuestCall } from "./wapc/guest";
export { HostAnswer } from "./wapc/host";
export { AdmissionRequest } from "./admission/request";
export { ValidationResponse } from "./admission/response";
export { encodeSettingsVerdict } from "./admission/settings";
export { LogEvent } from "./host/tracing";
export { Annotation, Identity, SigstoreRequest } from "./host/sigstore";
