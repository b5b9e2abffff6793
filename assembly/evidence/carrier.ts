import { ClusterObjects } from "../cluster/objects";
import { SignatureFiles } from "../cosign/signature-files";
import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { EvidenceSource } from "../settings/evidence-source";
import { Workload } from "../workload/workload";
import { tooMuchWork, Work } from "../work";
import { Candidate } from "./candidate";

/** What stands before the name of each annotation that is a signature's file. */
const PREFIX = "trusted-images.dev/";

/** A source of signatures that are files: of any images, and none of them has been verified. */
export class Carrier {
  readonly candidates: Array<Candidate> = [];
  readonly failures: Array<Failure>;

  private constructor(
    files: SignatureFiles,
    /** What there is not if it holds nothing, in words. */
    readonly lack: Text,
  ) {
    this.failures = files.failures;
    for (let i = 0; i < files.signatures.length; i++) {
      const signature = files.signatures[i];
      this.candidates.push(new Candidate(signature.layer, signature.payload));
    }
  }

  /** Those in the data of ConfigMaps. */
  static ofConfigMaps(objects: ClusterObjects, work: Work): Carrier {
    const files = new SignatureFiles(work);
    const document = objects.document;
    for (let i = 0; i < objects.tokens.length; i++) {
      const object = objects.tokens[i];
      const place = new Builder().ascii("ConfigMap ").text(objects.nameOf(object)).view();
      files.add(document, document.field(object, "data"), "", place);
    }
    const lack = new Builder().ascii("no signature files in ");
    objects.write(lack);
    return new Carrier(files, lack.view());
  }

  /** Those in the annotations of the workload and of the pods that it makes. */
  static ofAnnotations(workload: Workload, work: Work): Carrier {
    const files = new SignatureFiles(work);
    const place = Text.of("the object's annotations");
    for (let i = 0; i < workload.annotations.length; i++) {
      files.add(workload.document, workload.annotations[i], PREFIX, place);
    }
    const lack = new Builder().ascii("the object has no annotations ").ascii(PREFIX);
    return new Carrier(files, lack.ascii("<name>.sig and .payload").view());
  }
}

/** The signatures of one image that a rule's sources hold as files. */
export class Carried {
  readonly candidates: Array<Candidate> = [];
  /** Why there may be more of them; null if all sources could be read. */
  blocked: Failure | null = null;
  /** What is wrong with the files if none of them is for the image; null if there are none at all. */
  lack: Failure | null = null;
  /** Which sources hold no files at all, in words: each with `; ` before it. */
  private readonly empty: Builder = new Builder(16);

  /** Whether there was too much to look at: then there is no use in going on. */
  get isTooMuch(): bool {
    const blocked = this.blocked;
    return blocked != null && blocked.code == Code.TooManyChecks;
  }

  add(source: EvidenceSource, carrier: Result<Carrier>, digest: Text, work: Work): void {
    const read = carrier.value;
    if (!read) {
      const failure = carrier.failure!;
      if (!this.blocked || failure.code == Code.TooManyChecks) this.blocked = failure;
      return;
    }
    if (!work.spend(1 + (read.candidates.length >> 4))) {
      this.blocked = tooMuchWork();
      return;
    }
    for (let i = 0; i < read.candidates.length; i++) {
      const candidate = read.candidates[i];
      const said = candidate.statement();
      if (said.failure) this.note(said.failure!);
      else if (said.value!.digest.same(digest)) this.candidates.push(candidate);
      else this.note(otherImage());
    }
    for (let i = 0; i < read.failures.length; i++) this.note(read.failures[i]);
    if (read.candidates.length + read.failures.length == 0) {
      const configMaps = source.configMaps;
      this.empty.ascii("; ").text(read.lack);
      if (configMaps) configMaps.explainNamespace(this.empty);
    }
  }

  /** Why no file is of use, where the registry is of none either: its failure, and what the sources came to. */
  lackBeside(failure: Failure): Failure {
    if (this.blocked) return this.blocked!;
    if (this.lack) return this.lack!;
    const detail = new Builder().text(failure.detail).text(this.empty.view());
    return new Failure(failure.code, detail.view());
  }

  /** That files are for other images is worth telling only if there is nothing else to say. */
  private note(failure: Failure): void {
    const known = this.lack;
    if (!known || known.code == Code.PayloadDigest) this.lack = failure;
  }
}

function otherImage(): Failure {
  return Failure.of(Code.PayloadDigest, "the signatures in files are for other images");
}
