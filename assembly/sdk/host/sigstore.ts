import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { bytesAsNumbers } from "./bytes";

// Requests of `oci` `v2/verify`: Kubewarden's SigstoreVerificationInputV2, field by field in the order of its
// definition. Every signer that a request names must have signed, and with the annotations, if there are any.

/** A name and value that must be among a signature's annotations. */
export class Annotation {
  constructor(
    readonly name: Text,
    readonly value: Text,
  ) {}
}

/** Who must have signed, for keyless signatures: issuer, and subject or prefix of the subject. */
export class Identity {
  constructor(
    readonly issuer: Text,
    readonly subject: Text,
  ) {}
}

/** All of these public keys, each in PEM. */
export function publicKeysRequest(
  image: Text,
  keys: Array<Text>,
  annotations: Array<Annotation>,
): Text {
  const json = begin("SigstorePubKeyVerify", image).ascii(',"pub_keys":[');
  for (let i = 0; i < keys.length; i++) {
    if (i > 0) json.byte(0x2c);
    json.json(keys[i]);
  }
  return finish(json.byte(0x5d), annotations);
}

/** All of these identities, each with exactly this subject. */
export function keylessRequest(
  image: Text,
  identities: Array<Identity>,
  annotations: Array<Annotation>,
): Text {
  const json = begin("SigstoreKeylessVerify", image).ascii(',"keyless":');
  return finish(writeIdentities(json, identities, "subject"), annotations);
}

/** All of these identities, the subject being a URL that begins with this one. */
export function keylessPrefixRequest(
  image: Text,
  identities: Array<Identity>,
  annotations: Array<Annotation>,
): Text {
  const json = begin("SigstoreKeylessPrefixVerify", image).ascii(',"keyless_prefix":');
  return finish(writeIdentities(json, identities, "url_prefix"), annotations);
}

/** A GitHub Actions workflow of this owner and, if it is not null, this repository. */
export function githubActionsRequest(
  image: Text,
  owner: Text,
  repo: Text | null,
  annotations: Array<Annotation>,
): Text {
  const json = begin("SigstoreGithubActionsVerify", image);
  json.ascii(',"owner":').json(owner).ascii(',"repo":');
  if (repo) json.json(repo);
  else json.ascii("null");
  return finish(json, annotations);
}

/** The holder of this certificate, in PEM, which the chain, if it is not empty, must lead to. */
export function certificateRequest(
  image: Text,
  certificate: Text,
  chain: Array<Text>,
  requireRekorBundle: bool,
  annotations: Array<Annotation>,
): Text {
  const json = begin("SigstoreCertificateVerify", image).ascii(',"certificate":');
  bytesAsNumbers(json, certificate).ascii(',"certificate_chain":');
  if (chain.length == 0) json.ascii("null");
  for (let i = 0; i < chain.length; i++) {
    bytesAsNumbers(json.byte(i == 0 ? 0x5b : 0x2c), chain[i]);
  }
  if (chain.length > 0) json.byte(0x5d);
  json.ascii(',"require_rekor_bundle":').ascii(requireRekorBundle ? "true" : "false");
  return finish(json, annotations);
}

function begin(type: string, image: Text): Builder {
  return new Builder(512).ascii('{"type":"').ascii(type).ascii('","image":').json(image);
}

function finish(json: Builder, annotations: Array<Annotation>): Text {
  json.ascii(',"annotations":');
  if (annotations.length == 0) return json.ascii("null}").view();
  for (let i = 0; i < annotations.length; i++) {
    json.byte(i == 0 ? 0x7b : 0x2c);
    json.json(annotations[i].name).byte(0x3a).json(annotations[i].value);
  }
  return json.ascii("}}").view();
}

function writeIdentities(json: Builder, identities: Array<Identity>, subject: string): Builder {
  json.byte(0x5b);
  for (let i = 0; i < identities.length; i++) {
    if (i > 0) json.byte(0x2c);
    json.ascii('{"issuer":').json(identities[i].issuer);
    json.ascii(',"').ascii(subject).ascii('":').json(identities[i].subject).byte(0x7d);
  }
  return json.byte(0x5d);
}
