import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { bytesAsNumbers } from "./bytes";

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

/**
 * A request of `oci` `v2/verify` for an image yet to be named: Kubewarden's SigstoreVerificationInputV2, field by field
 * in the order of its definition. Every signer that it names must have signed, and with the annotations, if there
 * are any. It is put together once and asked of any number of images.
 */
export class SigstoreRequest {
  private constructor(
    private readonly type: string,
    /** The JSON behind the image. */
    readonly rest: Text,
  ) {}

  /** All of these public keys, each in PEM. */
  static publicKeys(keys: Array<Text>, annotations: Array<Annotation>): SigstoreRequest {
    const json = new Builder(512).ascii(',"pub_keys":[');
    for (let i = 0; i < keys.length; i++) {
      if (i > 0) json.byte(0x2c);
      json.json(keys[i]);
    }
    return finish("SigstorePubKeyVerify", json.byte(0x5d), annotations);
  }

  /** All of these identities, each with exactly this subject. */
  static keyless(identities: Array<Identity>, annotations: Array<Annotation>): SigstoreRequest {
    const json = writeIdentities(',"keyless":', identities, "subject");
    return finish("SigstoreKeylessVerify", json, annotations);
  }

  /** All of these identities, the subject being a URL that begins with this one. */
  static keylessPrefix(
    identities: Array<Identity>,
    annotations: Array<Annotation>,
  ): SigstoreRequest {
    const json = writeIdentities(',"keyless_prefix":', identities, "url_prefix");
    return finish("SigstoreKeylessPrefixVerify", json, annotations);
  }

  /** A GitHub Actions workflow of this owner and, if it is not null, this repository. */
  static githubActions(
    owner: Text,
    repo: Text | null,
    annotations: Array<Annotation>,
  ): SigstoreRequest {
    const json = new Builder().ascii(',"owner":').json(owner).ascii(',"repo":');
    if (repo) json.json(repo);
    else json.ascii("null");
    return finish("SigstoreGithubActionsVerify", json, annotations);
  }

  /** The holder of this certificate, in PEM, which the chain, if it is not empty, must lead to. */
  static certificate(
    certificate: Text,
    chain: Array<Text>,
    requireRekorBundle: bool,
    annotations: Array<Annotation>,
  ): SigstoreRequest {
    const json = bytesAsNumbers(new Builder(4096).ascii(',"certificate":'), certificate);
    json.ascii(',"certificate_chain":');
    if (chain.length == 0) json.ascii("null");
    for (let i = 0; i < chain.length; i++) {
      bytesAsNumbers(json.byte(i == 0 ? 0x5b : 0x2c), chain[i]);
    }
    if (chain.length > 0) json.byte(0x5d);
    json.ascii(',"require_rekor_bundle":').ascii(requireRekorBundle ? "true" : "false");
    return finish("SigstoreCertificateVerify", json, annotations);
  }

  /** Used by the functions above only. */
  static of(type: string, rest: Text): SigstoreRequest {
    return new SigstoreRequest(type, rest);
  }

  /** Whether it asks the same of every image. */
  same(other: SigstoreRequest): bool {
    return this.type == other.type && this.rest.same(other.rest);
  }

  /** Writes the request about an image, which is a reference as the host is to read it. */
  write(to: Builder, image: Text): void {
    to.ascii('{"type":"').ascii(this.type).ascii('","image":').json(image).text(this.rest);
  }
}

function finish(type: string, json: Builder, annotations: Array<Annotation>): SigstoreRequest {
  json.ascii(',"annotations":');
  if (annotations.length == 0) return SigstoreRequest.of(type, json.ascii("null}").view());
  for (let i = 0; i < annotations.length; i++) {
    json.byte(i == 0 ? 0x7b : 0x2c);
    json.json(annotations[i].name).byte(0x3a).json(annotations[i].value);
  }
  return SigstoreRequest.of(type, json.ascii("}}").view());
}

function writeIdentities(field: string, identities: Array<Identity>, subject: string): Builder {
  const json = new Builder(256).ascii(field).byte(0x5b);
  for (let i = 0; i < identities.length; i++) {
    if (i > 0) json.byte(0x2c);
    json.ascii('{"issuer":').json(identities[i].issuer);
    json.ascii(',"').ascii(subject).ascii('":').json(identities[i].subject).byte(0x7d);
  }
  return json.byte(0x5d);
}
