import { Builder, Text } from "../sdk";
import {
  certificateRequest,
  githubActionsRequest,
  keylessPrefixRequest,
  keylessRequest,
  publicKeysRequest,
} from "../sdk/host/sigstore";
import { Rule } from "../settings/rule";
import { Certificates, GithubActions, Keyless, PublicKeys } from "../settings/signers";

/** One request to the host, and who has signed if it says yes. */
export class Question {
  constructor(
    readonly request: Text,
    readonly signer: Text,
  ) {}
}

/** What to ask about an image to see whether it meets a rule, and how many of the answers must be yes. */
export class Questions {
  readonly list: Array<Question> = [];
  needed: i32 = 0;

  /** @param image the reference in its canonical spelling */
  constructor(rule: Rule, image: Text) {
    const signers = rule.signers;
    if (signers instanceof PublicKeys) this.addKeys(signers as PublicKeys, rule, image);
    else if (signers instanceof Keyless) this.addKeyless(signers as Keyless, rule, image);
    else if (signers instanceof GithubActions) {
      this.addGithubActions(signers as GithubActions, rule, image);
    } else if (signers instanceof Certificates) {
      this.addCertificates(signers as Certificates, rule, image);
    }
  }

  /** The host demands all the keys of a request, so only a threshold below that takes a request for each. */
  private addKeys(signers: PublicKeys, rule: Rule, image: Text): void {
    const all: Array<Text> = [];
    const names = new Builder();
    for (let i = 0; i < signers.keys.length; i++) {
      const key = signers.keys[i];
      const name = new Builder().ascii('key "').plain(key.name(), 64).byte(0x22).view();
      all.push(key.pem);
      if (i > 0) names.ascii(" and ");
      names.text(name);
      if (signers.threshold < signers.keys.length) {
        this.add(publicKeysRequest(image, [key.pem], rule.annotations), name);
      }
    }
    this.needed = signers.threshold;
    if (signers.threshold < signers.keys.length) return;
    this.add(publicKeysRequest(image, all, rule.annotations), names.view());
    this.needed = 1;
  }

  private addKeyless(signers: Keyless, rule: Rule, image: Text): void {
    const names = new Builder();
    for (let i = 0; i < signers.identities.length; i++) {
      const identity = signers.identities[i];
      if (i > 0) names.ascii(" and ");
      names.plain(identity.subject, 128).ascii(signers.prefix ? "... (" : " (");
      names.plain(identity.issuer, 128).byte(0x29);
    }
    const request = signers.prefix
      ? keylessPrefixRequest(image, signers.identities, rule.annotations)
      : keylessRequest(image, signers.identities, rule.annotations);
    this.add(request, names.view());
    this.needed = 1;
  }

  private addGithubActions(signers: GithubActions, rule: Rule, image: Text): void {
    const name = new Builder().ascii("GitHub Actions of ").plain(signers.name(), 128).view();
    this.add(githubActionsRequest(image, signers.owner, signers.repo, rule.annotations), name);
    this.needed = 1;
  }

  /** The host takes one certificate a request. */
  private addCertificates(signers: Certificates, rule: Rule, image: Text): void {
    for (let i = 0; i < signers.certificates.length; i++) {
      const certificate = signers.certificates[i];
      const request = certificateRequest(
        image,
        certificate.pem,
        signers.chain,
        signers.requireRekorBundle,
        rule.annotations,
      );
      this.add(request, new Builder().ascii("certificate ").text(certificate.name()).view());
    }
    this.needed = signers.certificates.length;
  }

  private add(request: Text, signer: Text): void {
    this.list.push(new Question(request, signer));
  }
}
