import { Code, Failure, Result } from "../failure";
import { Text } from "../sdk";
import { Work } from "../work";
import { X509 } from "../x509/certificate";
import { DistinguishedName } from "../x509/distinguished-name";
import { TufKey } from "./key";
import { about, Metadata } from "./metadata";
import { Role } from "./role";

/** What is known of a repository's root from elsewhere: some of its keys, or a whole root that has been trusted. */
export class RootPin {
  constructor(
    /** SubjectPublicKeyInfo of keys. */
    readonly keys: Array<Text>,
    /** DER of certificates. */
    readonly certificates: Array<Text>,
    /** A `root.json`: the next one is signed by its keys too. */
    readonly root: Text | null,
  ) {}

  /**
   * Why a root is not that of this repository (Notary's trustpinning/certs.go), at a time in seconds since 1970; null if
   * it is. What binds it to the repository is the name in its certificates: its keys may be those of others as well.
   *
   * @param gun the repository's name: `docker.io/library/nginx`
   */
  failure(root: Metadata, gun: Text, now: i64, work: Work): Failure | null {
    const read = root.roleNamed("root", work);
    const role = read.value;
    if (!role) return read.failure;
    const named: Array<TufKey> = [];
    for (let i = 0; i < role.keys.length; i++) {
      const certificate = role.keys[i].certificate;
      if (certificate && isOf(certificate, gun, now)) named.push(role.keys[i]);
    }
    if (named.length == 0) {
      const problem = "has no certificate for this repository that is valid";
      return about(Code.TufGun, root.role, problem);
    }
    const former = this.root;
    if (former) {
      const failure = successionFailure(root, former, work);
      return failure ? failure : root.verify(named, role.threshold, work);
    }
    const pinned: Array<TufKey> = [];
    for (let i = 0; i < named.length; i++) if (this.holds(named[i])) pinned.push(named[i]);
    if (pinned.length > 0) return root.verify(pinned, role.threshold, work);
    return about(Code.TufRoot, root.role, "has none of the keys that are trusted here");
  }

  private holds(key: TufKey): bool {
    for (let i = 0; i < this.keys.length; i++) {
      if (this.keys[i].same(key.key!.der)) return true;
    }
    for (let i = 0; i < this.certificates.length; i++) {
      if (this.certificates[i].same(key.certificate!.der)) return true;
    }
    return false;
  }
}

/** Why a root does not follow a former one, or is not the same; null if it does. */
function successionFailure(root: Metadata, bytes: Text, work: Work): Failure | null {
  const read: Result<Metadata> = Metadata.read(root.role, bytes, "Root", work);
  const former = read.value;
  if (!former) return read.failure;
  const found: Result<Role> = former.roleNamed("root", work);
  const role = found.value;
  if (!role) return found.failure;
  if (root.version < former.version) {
    return about(Code.TufRollback, root.role, "is older than the one that is trusted here");
  }
  return root.verify(role.keys, role.threshold, work);
}

/** Whether a certificate is that of a repository, or of all below a name that ends in `/*`, and valid. */
function isOf(certificate: X509, gun: Text, now: i64): bool {
  if (certificate.extensions.isCa || !certificate.validity.holds(now)) return false;
  const subject = DistinguishedName.ofDer(certificate.subject);
  const name = subject.commonName;
  // Of two common names each reader takes another.
  if (!name || subject.problem.length > 0) return false;
  const last = name.length - 1;
  if (last < 1 || name.at(last) != 0x2a || name.at(last - 1) != 0x2f) return name.same(gun);
  return gun.length > last && gun.slice(0, last).same(name.slice(0, last));
}
