import { NotationSignature } from "../notation/signature";
import { Builder, Text } from "../sdk";
import { Certificate, GithubActions, Keyless, Notation, PublicKey } from "../settings/signers";

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

/** `notation C=US, ST=WA, O=Acme or C=…`, and `notation *` for anybody with a certificate. */
export function nameOfNotation(signers: Notation): Text {
  const identities = signers.policy.identities;
  const name = new Builder().ascii("notation ");
  if (identities.length == 0) name.byte(0x2a);
  for (let i = 0; i < identities.length; i++) {
    const identity = new Builder();
    identities[i].write(identity);
    name.ascii(i > 0 ? " or " : "").plain(identity.view(), 128);
  }
  return name.view();
}

/** `notation C=US, ST=WA, O=Acme, CN=signer` */
export function nameOfNotationSigner(signature: NotationSignature): Text {
  return new Builder().ascii("notation ").plain(signature.signer, 128).view();
}

/** `notary targets/releases and targets/qa of docker.io/library/nginx`; without roles, only whose they are. */
export function nameOfRoles(roles: Array<Text>, gun: Text): Text {
  const name = new Builder().ascii("notary ");
  for (let i = 0; i < roles.length; i++) name.ascii(i > 0 ? " and " : "").plain(roles[i], 64);
  return name
    .ascii(roles.length > 0 ? " of " : "")
    .plain(gun, 128)
    .view();
}

/** `one and another` */
export function joinNames(names: Array<Text>): Text {
  const joined = new Builder();
  for (let i = 0; i < names.length; i++) joined.ascii(i > 0 ? " and " : "").text(names[i]);
  return joined.view();
}
