import { ClusterKind } from "../cluster/kind";
import { ClusterObjects } from "../cluster/objects";
import { ClusterReader } from "../cluster/reader";
import { readTrustRoots } from "../cluster/trust-entries";
import { Result } from "../failure";
import { RULES } from "../limits";
import { Builder, SigstoreRequest, Text } from "../sdk";
import { now } from "../sdk/host/clock";
import { manifestDigest, ociManifest, ociManifestConfig, verify } from "../sdk/host/oci";
import { EvidenceSource } from "../settings/evidence-source";
import { Rule } from "../settings/rule";
import { TrustSettings } from "../settings/trust-roots";
import { NO_INSTANT } from "../time/instant";
import { TrustRoots } from "../trust/roots";
import { Workload } from "../workload/workload";
import { readConfig, readDigest, readManifest, readVerification } from "./answer";
import { readingCost, tooMuchWork, Work } from "../work";
import { Carrier } from "./carrier";
import { EVIDENCE_TYPE } from "./evidence-document";
import { hostQuestions } from "./host-questions";
import { policyQuestions } from "./policy-questions";
import { Questions } from "./questions";
import { Signatures } from "./signatures";
import { Trust } from "./trust";

/** A question that was put to the host, and what came of it. */
class Asked {
  constructor(
    readonly request: SigstoreRequest,
    readonly image: Text,
    readonly result: Result<Text>,
  ) {}
}

/** All that one admission request asks of registries and of the host's verifier: the only place that does, and nothing twice. */
export class Inquiry {
  private readonly asked: Array<Asked> = [];
  /** Questions of the rules, by number, as far as they were needed: for the host, and for the policy itself. */
  private readonly forHost: StaticArray<Questions | null> = new StaticArray(RULES + 1);
  private readonly forPolicy: StaticArray<Questions | null> = new StaticArray(RULES + 1);
  /** Where requests are written: with a long chain they are too big to keep each. */
  private readonly payload: Builder = new Builder(1024);
  /** Signatures that were asked for, by the tags of their manifests: two spellings of an image have one. */
  private readonly tags: Array<Text> = [];
  private readonly found: Array<Result<Signatures>> = [];
  private readonly trustSettings: Array<TrustSettings> = [];
  private readonly trusts: Array<Result<Trust>> = [];
  /** Trust roots of the objects that were read. */
  private readonly rootsOf: Array<ClusterObjects> = [];
  private readonly foundRoots: Array<Result<TrustRoots>> = [];
  /** Signatures in files: of the objects that were read, and of the workload itself. */
  private readonly carriers: Array<Carrier> = [];
  private readonly carriedBy: Array<ClusterObjects | null> = [];
  private readonly artifactTags: Array<Text> = [];
  private readonly artifacts: Array<Result<Carrier>> = [];
  private time: i64 = NO_INSTANT;

  constructor(
    private readonly workload: Workload,
    readonly work: Work,
    readonly cluster: ClusterReader,
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
    const at = this.trustSettings.indexOf(settings);
    if (at >= 0) return this.trusts[at];
    const trust = Trust.of(settings, this);
    this.trustSettings.push(settings);
    this.trusts.push(trust);
    return trust;
  }

  /** The trust roots in an object of the cluster. */
  roots(objects: ClusterObjects): Result<TrustRoots> {
    const at = this.rootsOf.indexOf(objects);
    if (at >= 0) return this.foundRoots[at];
    const found = this.work.spend(readingCost(objects.size))
      ? readTrustRoots(objects)
      : Result.failure<TrustRoots>(tooMuchWork());
    this.rootsOf.push(objects);
    this.foundRoots.push(found);
    return found;
  }

  /** Has the host verify an image, in its canonical spelling; gives the digest that it vouches for. */
  verify(request: SigstoreRequest, image: Text): Result<Text> {
    const refusal = this.work.countCall();
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
    const refusal = this.work.countCall();
    return refusal ? Result.failure<Text>(refusal) : readDigest(manifestDigest(image));
  }

  /** The signatures in the manifest at a tag, none verified. That there is none is a failure of its own. */
  signatures(tag: Text): Result<Signatures> {
    for (let i = 0; i < this.tags.length; i++) {
      if (this.tags[i].same(tag)) return this.found[i];
    }
    const found = this.fetchSignatures(tag);
    this.tags.push(tag);
    this.found.push(found);
    return found;
  }

  /** The signatures in files that a source holds. */
  carrier(source: EvidenceSource): Result<Carrier> {
    const configMaps = source.configMaps;
    let objects: ClusterObjects | null = null;
    if (configMaps) {
      const read = this.cluster.objects(ClusterKind.configMap(), configMaps);
      if (read.failure) return Result.failure<Carrier>(read.failure!);
      objects = read.value;
    }
    for (let i = 0; i < this.carriers.length; i++) {
      if (this.carriedBy[i] == objects) return Result.ok(this.carriers[i]);
    }
    const carrier = objects
      ? Carrier.ofConfigMaps(objects, this.work)
      : Carrier.ofAnnotations(this.workload, this.work);
    this.carriers.push(carrier);
    this.carriedBy.push(objects);
    return Result.ok(carrier);
  }

  /** What the evidence document of the artifact at a tag holds: nothing if there is none. */
  artifact(tag: Text): Result<Carrier> {
    const at = this.indexOfArtifact(tag);
    if (at >= 0) return this.artifacts[at];
    const found = this.fetchArtifact(tag);
    this.artifactTags.push(tag);
    this.artifacts.push(found);
    return found;
  }

  /** Seconds since 1970, the same during a request; NO_INSTANT if the host has no clock. */
  now(): i64 {
    if (this.time == NO_INSTANT) this.time = now();
    return this.time;
  }

  private indexOfArtifact(tag: Text): i32 {
    for (let i = 0; i < this.artifactTags.length; i++) if (this.artifactTags[i].same(tag)) return i;
    return -1;
  }

  private fetchArtifact(tag: Text): Result<Carrier> {
    const refusal = this.work.countCall();
    if (refusal) return Result.failure<Carrier>(refusal);
    if (!this.work.spend(1)) return Result.failure<Carrier>(tooMuchWork());
    const answer = ociManifestConfig(tag);
    if (!this.work.spend(readingCost(answer.bytes.length))) {
      return Result.failure<Carrier>(tooMuchWork());
    }
    const config = readConfig(answer, EVIDENCE_TYPE);
    if (config.failure) return Result.failure<Carrier>(config.failure!);
    return Result.ok(Carrier.ofArtifact(tag, config.value, this.work));
  }

  private fetchSignatures(tag: Text): Result<Signatures> {
    const refusal = this.work.countCall();
    if (refusal) return Result.failure<Signatures>(refusal);
    // What is not going to be read is not fetched either.
    if (!this.work.spend(1)) return Result.failure<Signatures>(tooMuchWork());
    const manifest = readManifest(ociManifest(tag));
    if (manifest.failure) return Result.failure<Signatures>(manifest.failure!);
    const json = manifest.value!;
    if (!this.work.spend(readingCost(json.length))) {
      return Result.failure<Signatures>(tooMuchWork());
    }
    return Signatures.read(json);
  }
}
