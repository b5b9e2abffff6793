import { Builder, Text } from "../sdk";

/** A kind of the cluster's objects. */
export class ClusterKind {
  constructor(
    /** As in a manifest: `v1`, `kubeservice.cn/v1`. */
    readonly apiVersion: Text,
    /** In the singular: `ConfigMap`. */
    readonly kind: Text,
  ) {}

  static of(apiVersion: string, kind: string): ClusterKind {
    return new ClusterKind(Text.of(apiVersion), Text.of(kind));
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
