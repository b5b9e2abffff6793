import { Builder, Text } from "../sdk";

/** A kind of the cluster's objects. */
export class ClusterKind {
  constructor(
    /** As in a manifest: `v1`, `kubeservice.cn/v1`. */
    readonly apiVersion: Text,
    /** In the singular: `ConfigMap`. */
    readonly kind: Text,
    /** The only field that is read of such an object, beside its metadata. */
    readonly field: Text,
  ) {}

  static of(apiVersion: string, kind: string, field: string = "data"): ClusterKind {
    return new ClusterKind(Text.of(apiVersion), Text.of(kind), Text.of(field));
  }

  static configMap(): ClusterKind {
    return ClusterKind.of("v1", "ConfigMap");
  }

  static secret(): ClusterKind {
    return ClusterKind.of("v1", "Secret");
  }

  static namespace(): ClusterKind {
    return ClusterKind.of("v1", "Namespace", "metadata");
  }

  /** The custom resource of kubeservice-stack's cosign-webhook. */
  static cosignKey(): ClusterKind {
    return ClusterKind.of("kubeservice.cn/v1", "CosignKey", "spec.authorities.key");
  }

  same(other: ClusterKind): bool {
    return this.apiVersion.same(other.apiVersion) && this.kind.same(other.kind);
  }

  /** `{apiVersion: v1, kind: ConfigMap}`: an item of a policy's `contextAwareResources`. */
  writeResource(to: Builder): void {
    to.ascii("{apiVersion: ").text(this.apiVersion).ascii(", kind: ").text(this.kind).byte(0x7d);
  }

  /** `{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}`: a rule of a role. */
  writeRoleRule(to: Builder): void {
    const group = this.apiVersion.slice(0, max(this.apiVersion.indexOf(0x2f), 0));
    to.ascii('{apiGroups: ["').text(group).ascii('"], resources: [');
    for (let i = 0; i < this.kind.length; i++) to.byte(this.kind.at(i) | 0x20);
    to.ascii("s], verbs: [get, list, watch]}");
  }
}
