import { Builder, SigstoreRequest, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { Certificates, GithubActions, Keyless, PublicKeys } from "../settings/signers";

/** One request to the host about any image, and who has signed if it says yes. */
export class Question {
  constructor(
    readonly request: SigstoreRequest,
    readonly signer: Text,
  ) {}
}

/** What to ask about an image to see whether it meets a rule, and how many of the answers must be yes. */
export class Questions {
  readonly list: Array<Question> = [];
  needed: i32 = 0;

  constructor(rule: Rule) {
    const signers = rule.signers;
    if (signers instanceof PublicKeys) this.addKeys(signers as PublicKeys, rule);
    else if (signers instanceof Keyless) this.addKeyless(signers as Keyless, rule);
    else if (signers instanceof GithubActions)
      this.addGithubActions(signers as GithubActions, rule);
    else if (signers instanceof Certificates) this.addCertificates(signers as Certificates, rule);
  }

  /** The host demands all the keys of a request, so only a threshold below that takes a request for each. */
  private addKeys(signers: PublicKeys, rule: Rule): void {
    const each = signers.threshold < signers.keys.length;
    const all: Array<Text> = [];
    const names = new Builder();
    for (let i = 0; i < signers.keys.length; i++) {
      const key = signers.keys[i];
      const name = new Builder().ascii('key "').plain(key.name(), 64).byte(0x22).view();
      if (each) this.add(SigstoreRequest.publicKeys([key.pem], rule.annotations), name);
      all.push(key.pem);
      names.ascii(i > 0 ? " and " : "").text(name);
    }
    if (!each) this.add(SigstoreRequest.publicKeys(all, rule.annotations), names.view());
    this.needed = each ? signers.threshold : 1;
  }

  private addKeyless(signers: Keyless, rule: Rule): void {
    const names = new Builder();
    for (let i = 0; i < signers.identities.length; i++) {
      const identity = signers.identities[i];
      if (i > 0) names.ascii(" and ");
      names.plain(identity.subject, 128).ascii(signers.prefix ? "... (" : " (");
      names.plain(identity.issuer, 128).byte(0x29);
    }
    const request = signers.prefix
      ? SigstoreRequest.keylessPrefix(signers.identities, rule.annotations)
      : SigstoreRequest.keyless(signers.identities, rule.annotations);
    this.add(request, names.view());
    this.needed = 1;
  }

  private addGithubActions(signers: GithubActions, rule: Rule): void {
    const name = new Builder().ascii("GitHub Actions of ").plain(signers.name(), 128).view();
    this.add(SigstoreRequest.githubActions(signers.owner, signers.repo, rule.annotations), name);
    this.needed = 1;
  }

  /** The host takes one certificate a request. */
  private addCertificates(signers: Certificates, rule: Rule): void {
    for (let i = 0; i < signers.certificates.length; i++) {
      const certificate = signers.certificates[i];
      const request = SigstoreRequest.certificate(
        certificate.pem,
        signers.chain,
        signers.requireRekorBundle,
        rule.annotations,
      );
      this.add(request, new Builder().ascii("certificate ").text(certificate.name()).view());
    }
    this.needed = signers.certificates.length;
  }

  private add(request: SigstoreRequest, signer: Text): void {
    this.list.push(new Question(request, signer));
  }
}
