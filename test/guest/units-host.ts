import {
  Annotation,
  Builder,
  Document,
  HostAnswer,
  Identity,
  Kind,
  LogEvent,
  SigstoreRequest,
  Text,
} from "../../assembly/sdk";
import { isCertificateTrusted } from "../../assembly/sdk/host/crypto";
import * as kubernetes from "../../assembly/sdk/host/kubernetes";
import * as names from "../../assembly/sdk/host/names";
import * as oci from "../../assembly/sdk/host/oci";

/** The arguments of a capability: an object's fields. */
class Arguments {
  constructor(private readonly document: Document) {}

  text(name: string): Text {
    return this.document.text(this.document.field(0, name));
  }

  /** Null if the field is not there. */
  optional(name: string): Text | null {
    const value = this.document.field(0, name);
    return this.document.kind(value) == Kind.String ? this.document.text(value) : null;
  }

  flag(name: string): bool {
    return this.document.kind(this.document.field(0, name)) == Kind.True;
  }

  list(name: string): Array<Text> {
    const texts: Array<Text> = [];
    const list = this.document.field(0, name);
    if (this.document.kind(list) != Kind.Array) return texts;
    for (let at = list + 1; !this.document.ends(at); at = this.document.next(at)) {
      texts.push(this.document.text(at));
    }
    return texts;
  }

  /** From issuers and subjects in turns. */
  identities(): Array<Identity> {
    const texts = this.list("identities");
    const identities: Array<Identity> = [];
    for (let i = 0; i < texts.length; i += 2) identities.push(new Identity(texts[i], texts[i + 1]));
    return identities;
  }

  /** From names and values in turns. */
  annotations(): Array<Annotation> {
    const texts = this.list("annotations");
    const annotations: Array<Annotation> = [];
    for (let i = 0; i < texts.length; i += 2) {
      annotations.push(new Annotation(texts[i], texts[i + 1]));
    }
    return annotations;
  }

  resources(): kubernetes.Resources {
    const resources = new kubernetes.Resources(this.text("apiVersion"), this.text("kind"));
    resources.labelSelector = this.optional("labelSelector");
    resources.fieldSelector = this.optional("fieldSelector");
    resources.fieldMasks = this.list("fieldMasks");
    return resources;
  }
}

/** Calls a capability of the host by its SDK name; gives what it answered, or null if there is none of the name. */
export function callCapability(operation: Text, payload: Text): Text | null {
  const document = Document.read(payload);
  const args = new Arguments(document);
  if (operation.is("log")) {
    new LogEvent("warning", "it happened")
      .with("first", args.text("first"))
      .with("second", args.text("second"))
      .send();
    return Text.of('{"ok":true,"answer":""}');
  }
  if (operation.is("names")) return allNames();
  const answer = operation.startsWith("oci.")
    ? callOci(operation, args)
    : callOther(operation, args);
  if (!answer) return null;
  const json = new Builder().ascii(answer.ok ? '{"ok":true,"answer":' : '{"ok":false,"answer":');
  return json.json(answer.bytes).byte(0x7d).view();
}

function callOci(operation: Text, args: Arguments): HostAnswer | null {
  const image = args.text("image");
  if (operation.is("oci.manifestDigest")) return oci.manifestDigest(image);
  if (operation.is("oci.ociManifest")) return oci.ociManifest(image);
  if (operation.is("oci.ociManifestConfig")) return oci.ociManifestConfig(image);
  const annotations = args.annotations();
  let request: SigstoreRequest | null = null;
  if (operation.is("oci.verify.publicKeys")) {
    request = SigstoreRequest.publicKeys(args.list("keys"), annotations);
  } else if (operation.is("oci.verify.keyless")) {
    request = SigstoreRequest.keyless(args.identities(), annotations);
  } else if (operation.is("oci.verify.keylessPrefix")) {
    request = SigstoreRequest.keylessPrefix(args.identities(), annotations);
  } else if (operation.is("oci.verify.githubActions")) {
    request = SigstoreRequest.githubActions(args.text("owner"), args.optional("repo"), annotations);
  } else if (operation.is("oci.verify.certificate")) {
    request = SigstoreRequest.certificate(
      args.text("certificate"),
      args.list("chain"),
      args.flag("requireRekorBundle"),
      annotations,
    );
  }
  if (!request) return null;
  const payload = new Builder();
  request.write(payload, image);
  return oci.verify(payload.view());
}

function callOther(operation: Text, args: Arguments): HostAnswer | null {
  if (operation.is("kubernetes.listResourcesByNamespace")) {
    return kubernetes.listResourcesByNamespace(args.resources(), args.text("namespace"));
  }
  if (operation.is("kubernetes.listResourcesAll")) {
    return kubernetes.listResourcesAll(args.resources());
  }
  if (operation.is("kubernetes.getResource")) {
    return kubernetes.getResource(
      args.resources(),
      args.text("name"),
      args.optional("namespace"),
      args.flag("fresh"),
    );
  }
  if (!operation.is("crypto.isCertificateTrusted")) return null;
  return isCertificateTrusted(
    args.text("certificate"),
    args.list("chain"),
    args.optional("notAfter"),
  );
}

/** What each function of `names` points at, a line each, in the order of the source. */
function allNames(): Text {
  const lines = new Builder();
  writeName(lines, names.binding());
  writeName(lines, names.oci());
  writeName(lines, names.verify());
  writeName(lines, names.manifestDigest());
  writeName(lines, names.ociManifest());
  writeName(lines, names.ociManifestConfig());
  writeName(lines, names.kubernetes());
  writeName(lines, names.listResourcesByNamespace());
  writeName(lines, names.listResourcesAll());
  writeName(lines, names.getResource());
  writeName(lines, names.crypto());
  writeName(lines, names.isCertificateTrusted());
  writeName(lines, names.tracing());
  writeName(lines, names.log());
  return lines.view();
}

function writeName(to: Builder, name: usize): void {
  for (let at = name; load<u8>(at); at++) to.byte(load<u8>(at));
  to.byte(0x0a);
}
