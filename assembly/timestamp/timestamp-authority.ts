import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Authority } from "../trust/authority";
import { parseAll, X509 } from "../x509/certificate";
import { Purpose } from "../x509/extensions";
import { verifyPath } from "../x509/path";
import { Work } from "../work";

/** An authority of time that is trusted, its certificates read: its own first, that of its root last. */
export class TimestampAuthority {
  private knownCertificates: Result<Array<X509>> | null = null;

  constructor(private readonly authority: Authority) {}

  /** Whether its own certificate was issued by this one, a name in DER, under this number. */
  isCalled(issuer: Text, serial: Text): bool {
    const certificates = this.certificates().value;
    if (!certificates || certificates.length == 0) return false;
    return certificates[0].issuer.same(issuer) && certificates[0].serial.same(serial);
  }

  /** Its key; only of one that `isCalled` something. */
  get key(): VerificationKey {
    return this.certificates().value![0].key;
  }

  /** Why what it signs at a time, in seconds since 1970, counts for nothing; null if it counts. */
  verifyAt(time: i64, work: Work): Failure | null {
    if (!this.authority.window.holds(time)) {
      const detail = new Builder().ascii("it ");
      this.authority.window.writeMiss(detail, time);
      return new Failure(Code.TimestampUntrusted, detail.view());
    }
    const all = this.certificates().value!;
    const last = max(all.length - 1, 1);
    return verifyPath(
      all[0],
      all.slice(1, last),
      all.slice(last),
      time,
      work,
      Purpose.TimeStamping,
    );
  }

  private certificates(): Result<Array<X509>> {
    const known = this.knownCertificates;
    if (known) return known;
    const parsed = parseAll(this.authority.certificates);
    this.knownCertificates = parsed;
    return parsed;
  }
}
