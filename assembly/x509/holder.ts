import { Der, Tag } from "../crypto/der";
import { Code, Result } from "../failure";
import { lengthOf, Text } from "../sdk";
import { X509 } from "./certificate";
import { Extensions } from "./extensions";
import { FULCIO } from "./oid";
import { isPlain, Subject } from "./subject";

/** Fulcio's extensions that are read (its `oid-info`): the first six are bare text, those from 8 on UTF8Strings. */
const enum Id {
  Issuer = 1,
  WorkflowRepository = 5,
  IssuerV2 = 8,
  SourceRepository = 12,
}

const GITHUB = "https://github.com/";

/** Whom a certificate of a Sigstore CA is for, and who vouched for them. */
export class Holder {
  private constructor(
    readonly subject: Subject,
    /** Who issued the token that proved the identity; null if the certificate does not say. */
    readonly issuer: Text | null,
    /** `owner/repo` on GitHub whose workflow it is; null if that is not said, or two extensions differ on it. */
    readonly repository: Text | null,
  ) {}

  /** Reads what the certificate says of its holder. */
  static of(certificate: X509): Result<Holder> {
    const subject = Subject.of(certificate);
    const failure = subject.failure;
    if (failure) return Result.failure<Holder>(failure);
    const says = new Sayings(certificate.extensions);
    const former = says.bare(Id.Issuer);
    const issuer = says.encoded(Id.IssuerV2);
    const repository = repositoryOf(says);
    if (says.isBroken) {
      return Result.fail<Holder>(
        Code.CertificateMalformed,
        "what the certificate says of its holder's issuer or repository is broken",
      );
    }
    // Verifiers read one or the other: what this one calls trusted must be so to all.
    if (former && issuer && !former.same(issuer)) {
      const detail = "the certificate names two different issuers of its holder's identity";
      return Result.fail<Holder>(Code.CertificateIssuersDiffer, detail);
    }
    return Result.ok(new Holder(subject.value!, issuer ? issuer : former, repository));
  }
}

/** The repository that both extensions name, or the only one. */
function repositoryOf(says: Sayings): Text | null {
  const former = says.bare(Id.WorkflowRepository);
  const url = says.encoded(Id.SourceRepository);
  if (!url) return former;
  if (!url.startsWith(GITHUB)) return null;
  const repository = url.slice(lengthOf(GITHUB));
  return !former || former.same(repository) ? repository : null;
}

/** The values of Fulcio's extensions; one that is not as it must be sets `isBroken`. */
class Sayings {
  isBroken: bool = false;

  constructor(private readonly extensions: Extensions) {}

  bare(id: Id): Text | null {
    const value = this.extensions.find(FULCIO, id);
    if (value && !isPlain(value)) this.isBroken = true;
    return value;
  }

  encoded(id: Id): Text | null {
    const value = this.extensions.find(FULCIO, id);
    if (!value) return null;
    const outer = new Der(value);
    const text = outer.read(Tag.Utf8String);
    if (!outer.done || !isPlain(text)) this.isBroken = true;
    return text;
  }
}
