import { ClusterObjects } from "../cluster/objects";
import { SignatureFiles } from "../cosign/signature-files";
import { Code, Failure, Result } from "../failure";
import { Builder, Document, Kind, Text } from "../sdk";
import { EvidenceSource } from "../settings/evidence-source";
import { Workload } from "../workload/workload";
import { tooMuchWork, Work } from "../work";
import { Candidate } from "./candidate";
import { EvidenceDocument, malformedEvidence, otherImage } from "./evidence-document";
import { LayerCandidate } from "./layer-candidate";

/** What stands before the name of each annotation that is a signature's file. */
const PREFIX = "trusted-images.dev/";

/** The entry of a ConfigMap's data that is an evidence document, and the annotation. */
const DOCUMENT = "evidence.json";
const ANNOTATION = "trusted-images.dev/evidence.json";

/** A source of signatures that are files: of any images, and none of them has been verified. */
export class Carrier {
  readonly candidates: Array<Candidate> = [];
  readonly documents: Array<EvidenceDocument> = [];
  readonly failures: Array<Failure>;

  private constructor(
    files: SignatureFiles,
    /** What there is not if it holds nothing, in words. */
    private readonly lack: Text,
  ) {
    this.failures = files.failures;
    for (let i = 0; i < files.signatures.length; i++) {
      const signature = files.signatures[i];
      this.candidates.push(new LayerCandidate(signature.layer, signature.payload));
    }
  }

  /** Those in the artifact at a tag: of an evidence document alone, if there is one. */
  static ofArtifact(tag: Text, json: Text | null, work: Work): Carrier {
    const lack = new Builder().ascii("no evidence document at ").text(tag);
    lack.ascii(", where trusted-images evidence push puts it");
    const carrier = new Carrier(new SignatureFiles(work), lack.view());
    if (json) carrier.addDocument(json, work);
    return carrier;
  }

  /** What it costs to look for an image's documents, and to go through what is wrong with others. */
  get cost(): i32 {
    return 1 + (this.documents.length >> 2) + costOf(this.failures.length);
  }

  get isEmpty(): bool {
    return this.candidates.length + this.documents.length + this.failures.length == 0;
  }

  /** Writes what there is not, `; ` before it. */
  writeLack(source: EvidenceSource, out: Builder): void {
    const configMaps = source.configMaps;
    out.ascii("; ").text(this.lack);
    if (configMaps) configMaps.explainNamespace(out);
  }

  /** Adds what is in the evidence documents of a map of texts: those of this name. */
  private addDocuments(document: Document, map: i32, name: string, work: Work): void {
    if (document.kind(map) != Kind.Object) return;
    for (let key = map + 1; !document.ends(key); key = document.next(key + 1)) {
      if (!document.keyIs(key, name)) continue;
      if (document.kind(key + 1) == Kind.String) this.addDocument(document.text(key + 1), work);
      else this.failures.push(malformedEvidence("it is not a text"));
    }
  }

  private addDocument(json: Text, work: Work): void {
    const read = EvidenceDocument.read(json, work);
    if (read.value) this.documents.push(read.value!);
    else this.failures.push(read.failure!);
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
    const carrier = new Carrier(files, lack.view());
    for (let i = 0; i < objects.tokens.length; i++) {
      carrier.addDocuments(document, document.field(objects.tokens[i], "data"), DOCUMENT, work);
    }
    return carrier;
  }

  /** Those in the annotations of the workload and of the pods that it makes. */
  static ofAnnotations(workload: Workload, work: Work): Carrier {
    const files = new SignatureFiles(work);
    const place = Text.of("the object's annotations");
    for (let i = 0; i < workload.annotations.length; i++) {
      files.add(workload.document, workload.annotations[i], PREFIX, place);
    }
    const lack = new Builder().ascii("the object has no annotations ").ascii(PREFIX);
    const carrier = new Carrier(files, lack.ascii("<name>.sig and .payload").view());
    for (let i = 0; i < workload.annotations.length; i++) {
      carrier.addDocuments(workload.document, workload.annotations[i], ANNOTATION, work);
    }
    return carrier;
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
    if (!work.spend(read.cost)) {
      this.blocked = tooMuchWork();
      return;
    }
    this.addAll(read.candidates, digest, work);
    let isElsewhere = false;
    for (let i = 0; i < read.documents.length && !this.isTooMuch; i++) {
      const document = read.documents[i];
      if (document.image.same(digest)) {
        this.addAll(document.candidates(work), digest, work);
        this.noteAll(document.failures);
      } else if (!isElsewhere) {
        isElsewhere = true;
        this.note(otherImage());
      }
    }
    this.noteAll(read.failures);
    if (read.isEmpty) read.writeLack(source, this.empty);
  }

  /** Adds those that are about the image. */
  private addAll(candidates: Array<Candidate>, digest: Text, work: Work): void {
    if (!work.spend(costOf(candidates.length))) this.blocked = tooMuchWork();
    for (let i = 0; i < candidates.length && !this.isTooMuch; i++) {
      const refusal = candidates[i].refuseImage(digest, work);
      if (refusal) this.note(refusal);
      else this.candidates.push(candidates[i]);
    }
  }

  private noteAll(failures: Array<Failure>): void {
    for (let i = 0; i < failures.length; i++) this.note(failures[i]);
  }

  /** Why no file is of use, where the registry is of none either: its failure, and what the sources came to. */
  lackBeside(failure: Failure): Failure {
    if (this.blocked) return this.blocked!;
    if (this.lack) return this.lack!;
    if (!saysNothingOfSigners(failure.code)) return failure;
    const detail = new Builder().text(failure.detail).text(this.empty.view());
    return new Failure(failure.code, detail.view());
  }

  /** That files are for other images is worth telling only if there is nothing else to say. */
  private note(failure: Failure): void {
    if (failure.code == Code.TooManyChecks) this.blocked = failure;
    const known = this.lack;
    if (!known || isOfAnotherImage(known)) this.lack = failure;
  }
}

/** What it costs to go through so many of a source's: each rule does it for each image. */
function costOf(count: i32): i32 {
  return count >> 4;
}

/** Whether a failure is one that a file might have spared: there is nothing in the registry, or it could not be asked. */
function saysNothingOfSigners(code: Code): bool {
  return (
    code == Code.SignatureMissing || code == Code.AttestationMissing || code == Code.HostFailed
  );
}

function isOfAnotherImage(failure: Failure): bool {
  return failure.code == Code.PayloadDigest || failure.code == Code.EvidenceImage;
}
