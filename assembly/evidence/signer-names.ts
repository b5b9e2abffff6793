import { Builder, Text } from "../sdk";
import { Certificate, GithubActions, Keyless, PublicKey } from "../settings/signers";

// How messages call those who must have signed.

/** `key "…"` */
export function nameOfKey(key: PublicKey): Text {
  return new Builder().ascii('key "').plain(key.name(), 64).byte(0x22).view();
}

/** `subject (issuer)`, or `https://…/* (issuer)` if it is the beginning of a URL. */
export function nameOfIdentity(signers: Keyless, index: i32): Text {
  const identity = signers.identities[index];
  const subject = identity.subject;
  const name = new Builder().plain(subject, 128);
  if (signers.prefix) name.ascii(subject.at(subject.length - 1) == 0x2f ? "*" : "/*");
  return name.ascii(" (").plain(identity.issuer, 128).byte(0x29).view();
}

/** `GitHub Actions of owner/repo` */
export function nameOfWorkflow(signers: GithubActions): Text {
  return new Builder().ascii("GitHub Actions of ").plain(signers.name(), 128).view();
}

/** `certificate SHA256:…` */
export function nameOfCertificate(certificate: Certificate): Text {
  return new Builder().ascii("certificate ").text(certificate.name()).view();
}

/** `one and another` */
export function joinNames(names: Array<Text>): Text {
  const joined = new Builder();
  for (let i = 0; i < names.length; i++) joined.ascii(i > 0 ? " and " : "").text(names[i]);
  return joined.view();
}
