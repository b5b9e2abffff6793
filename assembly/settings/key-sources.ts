import { ClusterKind } from "../cluster/kind";
import { PER_RULE } from "../limits";
import { Fields, NONE } from "../sdk";
import { ClusterSource, decodeClusterSource } from "./cluster-source";

/** Objects of the cluster that hold public keys of a rule. */
export class KeySource {
  constructor(
    readonly kind: ClusterKind,
    readonly objects: ClusterSource,
    /** Whether there may be only one such object. */
    readonly isSingle: bool,
  ) {}

  /** Whether it is of cosign-webhook, where any one of the keys is enough. */
  get isCosignKey(): bool {
    return this.kind.kind.is("CosignKey");
  }
}

/** `keysFrom`: a list of `{configMap}`, `{secret}` and `{cosignKey}`; items that nobody filled in are left out. */
export function decodeKeySources(rule: Fields): Array<KeySource> {
  const sources: Array<KeySource> = [];
  const list = rule.list("keysFrom");
  if (!list) return sources;
  const path = rule.path.field("keysFrom");
  if (list.length > PER_RULE) rule.problems.add(path, "has more than 64 items");
  for (let i = 0; i < min(list.length, PER_RULE); i++) {
    if (rule.isAbsent(list[i])) continue;
    const fields = Fields.of(rule.document, list[i], path.at(i), rule.problems);
    const source = fields ? decodeSource(fields) : null;
    if (source) sources.push(source);
  }
  return sources;
}

function decodeSource(item: Fields): KeySource | null {
  const configMap = decodeClusterSource(item, "configMap");
  const secret = decodeClusterSource(item, "secret");
  const cosignKey = decodeCosignKey(item);
  item.end();
  const count = i32(isFilled(item, "configMap")) + i32(isFilled(item, "secret"));
  const all = count + i32(item.value("cosignKey") != NONE);
  if (all > 1) item.problems.add(item.path, "must have only one of configMap, secret, cosignKey");
  if (configMap) return new KeySource(ClusterKind.configMap(), configMap, false);
  return secret ? new KeySource(ClusterKind.secret(), secret, false) : cosignKey;
}

/** `{merge}`: unlike other groups, it is one even if it is empty. */
function decodeCosignKey(item: Fields): KeySource | null {
  const fields = item.object("cosignKey");
  if (item.value("cosignKey") == NONE && isAlone(item, "cosignKey")) {
    item.problems.add(item.path.field("cosignKey"), "is empty: write cosignKey: {}");
    return new KeySource(ClusterKind.cosignKey(), new ClusterSource(null, null, null), true);
  }
  if (!fields) return null;
  const merge = fields.bool("merge", false);
  fields.end();
  return new KeySource(ClusterKind.cosignKey(), new ClusterSource(null, null, null), !merge);
}

/** Whether it is the only field of an item, as no form writes one that nobody filled in. */
function isAlone(item: Fields, name: string): bool {
  const document = item.document;
  const first = item.first;
  if (document.ends(first) || !document.text(first).is(name)) return false;
  return document.ends(document.next(first + 1));
}

function isFilled(item: Fields, name: string): bool {
  return !item.isBlank(item.value(name));
}
