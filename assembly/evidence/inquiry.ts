import { ClusterKind } from "../cluster/kind";
import { Labels } from "../cluster/label-selector";
import { ClusterObjects } from "../cluster/objects";
import { Code, Failure, Result } from "../failure";
import { CLUSTER_BYTES, HOST_CALLS, MANIFESTS_BYTES, RULES, SIGNATURE_CHECKS } from "../limits";
import { Builder, SigstoreRequest, Text } from "../sdk";
import { now } from "../sdk/host/clock";
import { getResource, listResourcesByNamespace, Resources } from "../sdk/host/kubernetes";
import { manifestDigest, ociManifest, verify } from "../sdk/host/oci";
import { ClusterSource } from "../settings/cluster-source";
import { EvidenceSource } from "../settings/evidence-source";
import { Rule } from "../settings/rule";
import { TrustSettings } from "../settings/trust-roots";
import { NO_INSTANT } from "../time/instant";
import { Workload } from "../workload/workload";
import { readDigest, readManifest, readVerification } from "./answer";
import { Carrier } from "./carrier";
import { hostQuestions } from "./host-questions";
import { policyQuestions } from "./policy-questions";
import { Questions } from "./questions";
import { Trust } from "./trust";

/** A question that was put to the host, and what came of it. */
class Asked {
  constructor(
    readonly request: SigstoreRequest,
    readonly image: Text,
    readonly result: Result<Text>,
  ) {}
}

/** Objects of the cluster that were read, and where. */
class Read {
  constructor(
    readonly kind: ClusterKind,
    readonly namespace: Text,
    /** A name or a label selector; empty for all there are. */
    readonly which: Text,
    readonly isName: bool,
    readonly result: Result<ClusterObjects>,
  ) {}
}

/** All that one admission request asks the host: the only place that does, and no question twice. */
export class Inquiry {
  private readonly asked: Array<Asked> = [];
  /** Questions of the rules, by number, as far as they were needed: for the host, and for the policy itself. */
  private readonly forHost: StaticArray<Questions | null> = new StaticArray(RULES + 1);
  private readonly forPolicy: StaticArray<Questions | null> = new StaticArray(RULES + 1);
  /** Where requests are written: with a long chain they are too big to keep each. */
  private readonly payload: Builder = new Builder(1024);
  /** Manifests of signatures that were asked for, by their tags: two spellings of an image have one. */
  private readonly tags: Array<Text> = [];
  private readonly manifests: Array<Result<Text>> = [];
  private readonly trusts: Array<Trust> = [];
  private readonly reads: Array<Read> = [];
  /** Signatures in files: of the objects that were read, and of the workload itself. */
  private readonly carriers: Array<Carrier> = [];
  private readonly carriedBy: Array<ClusterObjects | null> = [];
  private calls: i32 = 0;
  private checks: i32 = 0;
  private manifestBytes: i32 = 0;
  private clusterBytes: i32 = 0;
  private time: i64 = NO_INSTANT;

  constructor(
    private readonly workload: Workload,
    /** That of the request; empty for what is in none. */
    private readonly namespace: Text,
  ) {}

  /** What to ask the host about images that a rule is for. Put together once, when it is first needed. */
  ofHost(rule: Rule): Questions {
    const known = this.forHost[rule.number];
    if (known) return known;
    const questions = hostQuestions(rule, this);
    this.forHost[rule.number] = questions;
    return questions;
  }

  /** What the policy has to find out itself about images that a rule is for. */
  ofPolicy(rule: Rule): Questions {
    const known = this.forPolicy[rule.number];
    if (known) return known;
    const questions = policyQuestions(rule, this);
    this.forPolicy[rule.number] = questions;
    return questions;
  }

  /** The trust roots that settings name, read: the same ones give the same. */
  trustIn(settings: TrustSettings): Result<Trust> {
    for (let i = 0; i < this.trusts.length; i++) {
      if (this.trusts[i].settings == settings) return Result.ok(this.trusts[i]);
    }
    const trust = Trust.of(settings, this);
    if (trust.value) this.trusts.push(trust.value!);
    return trust;
  }

  /** Has the host verify an image, in its canonical spelling; gives the digest that it vouches for. */
  verify(request: SigstoreRequest, image: Text): Result<Text> {
    const refusal = this.countCall();
    if (refusal) return Result.failure<Text>(refusal);
    for (let i = 0; i < this.asked.length; i++) {
      const asked = this.asked[i];
      if (asked.image.same(image) && asked.request.same(request)) return asked.result;
    }
    request.write(this.payload.clear(), image);
    const result = readVerification(verify(this.payload.view()));
    this.asked.push(new Asked(request, image, result));
    return result;
  }

  /** The digest of what an image's canonical spelling names in its registry. */
  manifestDigest(image: Text): Result<Text> {
    const refusal = this.countCall();
    return refusal ? Result.failure<Text>(refusal) : readDigest(manifestDigest(image));
  }

  /** The manifest of signatures at a tag. That there is none is a failure of its own: the image is not signed. */
  manifest(tag: Text): Result<Text> {
    for (let i = 0; i < this.tags.length; i++) {
      if (this.tags[i].same(tag)) return this.manifests[i];
    }
    const manifest = this.fetchManifest(tag);
    this.tags.push(tag);
    this.manifests.push(manifest);
    return manifest;
  }

  /** Objects of the cluster: the one that a source names, or all of its labels. Read once. */
  objects(kind: ClusterKind, source: ClusterSource): Result<ClusterObjects> {
    const given = source.namespace;
    const namespace = given ? given : this.namespace;
    if (namespace.length == 0) {
      return Result.fail<ClusterObjects>(
        Code.NamespaceMissing,
        "the request is in no namespace, and the rule names none",
      );
    }
    const name = source.name;
    const selector = source.labelSelector;
    const which = name ? name : selector ? selector : new Text(0, 0);
    return this.read(kind, namespace, which, name != null);
  }

  /** The labels of the request's namespace. */
  labels(): Result<Labels> {
    const none = new Text(0, 0);
    const read = this.read(ClusterKind.namespace(), none, this.namespace, true);
    if (read.failure) return Result.failure<Labels>(read.failure!);
    const document = read.value!.document;
    const labels = document.field(document.field(0, "metadata"), "labels");
    return Result.ok(new Labels(document, labels));
  }

  private read(
    kind: ClusterKind,
    namespace: Text,
    which: Text,
    isName: bool,
  ): Result<ClusterObjects> {
    for (let i = 0; i < this.reads.length; i++) {
      const read = this.reads[i];
      if (
        read.isName == isName &&
        read.which.same(which) &&
        read.namespace.same(namespace) &&
        read.kind.same(kind)
      ) {
        return read.result;
      }
    }
    const result = this.readObjects(kind, namespace, which, isName);
    this.reads.push(new Read(kind, namespace, which, isName, result));
    return result;
  }

  /** The signatures in files that a source holds. */
  carrier(source: EvidenceSource): Result<Carrier> {
    const configMaps = source.configMaps;
    let objects: ClusterObjects | null = null;
    if (configMaps) {
      const read = this.objects(ClusterKind.configMap(), configMaps);
      if (read.failure) return Result.failure<Carrier>(read.failure!);
      objects = read.value;
    }
    for (let i = 0; i < this.carriers.length; i++) {
      if (this.carriedBy[i] == objects) return Result.ok(this.carriers[i]);
    }
    const carrier = objects ? Carrier.ofConfigMaps(objects) : Carrier.ofAnnotations(this.workload);
    this.carriers.push(carrier);
    this.carriedBy.push(objects);
    return Result.ok(carrier);
  }

  /** Seconds since 1970, the same during a request; NO_INSTANT if the host has no clock. */
  now(): i64 {
    if (this.time == NO_INSTANT) this.time = now();
    return this.time;
  }

  /**
   * Counts work that is about to be done.
   *
   * @param cost in verifications of a P-256 signature
   * @returns whether it may be done
   */
  countCheck(cost: i32): bool {
    this.checks += cost;
    return this.checks <= SIGNATURE_CHECKS;
  }

  private fetchManifest(tag: Text): Result<Text> {
    const refusal = this.countCall();
    if (refusal) return Result.failure<Text>(refusal);
    const manifest = readManifest(ociManifest(tag));
    if (manifest.value) this.manifestBytes += manifest.value!.length;
    if (this.manifestBytes <= MANIFESTS_BYTES) return manifest;
    return Result.fail<Text>(
      Code.SignatureManifestTooLarge,
      "the .sig manifests of the request's images have more than 32 MiB",
    );
  }

  private readObjects(
    kind: ClusterKind,
    namespace: Text,
    which: Text,
    isName: bool,
  ): Result<ClusterObjects> {
    const refusal = this.countCall();
    if (refusal) return Result.failure<ClusterObjects>(refusal);
    const what = new Resources(kind.apiVersion, kind.kind);
    what.fieldMasks = [kind.field];
    if (!isName && which.length > 0) what.labelSelector = which;
    const place = namespace.length > 0 ? namespace : null;
    const answer = isName
      ? getResource(what, which, place, false)
      : listResourcesByNamespace(what, namespace);
    if (answer.ok) this.clusterBytes += answer.bytes.length;
    if (this.clusterBytes > CLUSTER_BYTES) {
      return Result.fail<ClusterObjects>(
        Code.ResourceTooLarge,
        "the cluster's objects that the rules read have more than 8 MiB",
      );
    }
    return isName
      ? ClusterObjects.readObject(answer, kind, namespace, which)
      : ClusterObjects.readList(answer, kind, namespace, which);
  }

  private countCall(): Failure | null {
    if (this.calls++ < HOST_CALLS) return null;
    return Failure.of(Code.TooManyCalls, "needs more than the 512 calls that a request may cost");
  }
}
