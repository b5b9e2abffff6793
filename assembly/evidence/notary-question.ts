import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { Rule } from "../settings/rule";
import { NotaryV1 } from "../settings/signers";
import { Repository } from "../tuf/repository";
import { Target, Targets } from "../tuf/targets";
import { DocumentQuestion } from "./document-question";
import { EvidenceDocument } from "./evidence-document";
import { Inquiry } from "./inquiry";
import { NotaryItem } from "./notary-item";
import { nameOfRoles } from "./signer-names";
import { Subject } from "./subject";

/** Whether the metadata of an image's repository in Notary v1 says of its tag, or of some tag, that it is this image. */
export class NotaryQuestion extends DocumentQuestion {
  /** Items that were verified, each once: what it is about tells its repository. */
  private readonly items: Array<NotaryItem> = [];
  private readonly verified: Array<Result<Targets>> = [];
  private gun: Text = new Text(0, 0);
  /** Who has signed the image that was asked about last. */
  private found: Text | null = null;

  constructor(
    rule: Rule,
    private readonly signers: NotaryV1,
  ) {
    super(rule);
  }

  signer(): Text {
    const found = this.found;
    return found ? found : nameOfRoles(this.signers.delegations, this.gun);
  }

  protected begin(subject: Subject): void {
    const gun = this.signers.gun;
    this.gun = gun ? gun : subject.reference.name;
    this.found = null;
  }

  protected count(document: EvidenceDocument): i32 {
    return document.notary.length;
  }

  protected isElsewhere(code: Code): bool {
    return code == Code.TufGun;
  }

  protected get item(): string {
    return "a set of Notary's metadata";
  }

  protected get lack(): string {
    return "its evidence documents have no metadata of Notary's: collect it with --notary-server";
  }

  protected refuse(
    document: EvidenceDocument,
    index: i32,
    subject: Subject,
    inquiry: Inquiry,
  ): Failure | null {
    const item = document.notary[index];
    if (!item.gun.same(this.gun)) return otherRepository(item.gun);
    const targets = this.targetsOf(item, inquiry);
    if (targets.failure) return targets.failure;
    const digest = subject.digest(inquiry).value!;
    const found = lookUp(targets.value!, subject, digest, inquiry);
    const target = found.value;
    if (!target) return found.failure;
    if (!target.digest.same(digest)) return otherTarget(target, digest);
    this.found = nameOfRoles(target.roles, this.gun);
    return null;
  }

  private targetsOf(item: NotaryItem, inquiry: Inquiry): Result<Targets> {
    const at = this.items.indexOf(item);
    if (at >= 0) return this.verified[at];
    const verified = this.verify(item, inquiry);
    this.items.push(item);
    this.verified.push(verified);
    return verified;
  }

  private verify(item: NotaryItem, inquiry: Inquiry): Result<Targets> {
    const signers = this.signers;
    const work = inquiry.work;
    const repository = Repository.verify(
      item.files,
      signers.root,
      this.gun,
      signers.maxAge,
      inquiry.now(),
      work,
    );
    return repository.value
      ? Targets.verify(repository.value!, signers.delegations, signers.requireSigners, work)
      : Result.failure<Targets>(repository.failure!);
  }
}

/** A digest is the image; its tag, if there is one, is not what will run. */
function lookUp(
  targets: Targets,
  subject: Subject,
  digest: Text,
  inquiry: Inquiry,
): Result<Target> {
  if (subject.reference.digest) return targets.ofDigest(digest, inquiry.work);
  const tag = subject.reference.tag;
  return targets.ofTag(tag ? tag : Text.of("latest"), inquiry.work);
}

function otherRepository(gun: Text): Failure {
  const detail = new Builder().ascii("its evidence has Notary's metadata of another repository: ");
  return new Failure(Code.TufGun, detail.plain(gun, 128).view());
}

function otherTarget(target: Target, digest: Text): Failure {
  const detail = new Builder().ascii('the tag "').plain(target.tag, 128).ascii('" means ');
  detail.text(target.digest).ascii(" in Notary's metadata, and ");
  return new Failure(Code.DigestMismatch, detail.text(digest).ascii(" in the registry").view());
}
