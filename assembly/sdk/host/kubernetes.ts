import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { callHost, HostAnswer } from "../wapc/host";
import * as names from "./names";

// Capabilities of namespace `kubernetes`: what a context-aware policy may read of the cluster. The policy's
// metadata must name each kind under `contextAwareResources`. Lists come from a cache and may be a little old.

/** Which objects: `apiVersion` as in a manifest, `kind` singular; the selectors as kubectl writes them, or null. */
export class Resources {
  /** For lists only, as is the other selector. */
  labelSelector: Text | null = null;
  fieldSelector: Text | null = null;
  /** Paths of the fields that are wanted beside the metadata, such as `spec.replicas`; none for all of them. */
  fieldMasks: Array<Text> = [];

  constructor(
    readonly apiVersion: Text,
    readonly kind: Text,
  ) {}
}

/** The objects of one namespace, as a List. */
export function listResourcesByNamespace(what: Resources, namespace: Text): HostAnswer {
  const json = begin(what).ascii(',"namespace":').json(namespace);
  return list(names.listResourcesByNamespace(), json, what);
}

/** The objects of the whole cluster, as a List. */
export function listResourcesAll(what: Resources): HostAnswer {
  return list(names.listResourcesAll(), begin(what), what);
}

/**
 * One object. `namespace` is null for kinds that are in none; without `fresh` the host may answer from a cache
 * that is a few seconds old.
 */
export function getResource(
  what: Resources,
  name: Text,
  namespace: Text | null,
  fresh: bool,
): HostAnswer {
  const json = begin(what).ascii(',"name":').json(name);
  writeOptional(json, "namespace", namespace);
  json.ascii(',"disable_cache":').ascii(fresh ? "true" : "false");
  return call(names.getResource(), json, what);
}

function list(operation: usize, json: Builder, what: Resources): HostAnswer {
  writeOptional(json, "label_selector", what.labelSelector);
  writeOptional(json, "field_selector", what.fieldSelector);
  return call(operation, json, what);
}

function begin(what: Resources): Builder {
  const json = new Builder(256).ascii('{"api_version":').json(what.apiVersion);
  return json.ascii(',"kind":').json(what.kind);
}

function writeOptional(json: Builder, name: string, value: Text | null): void {
  json.ascii(',"').ascii(name).ascii('":');
  if (value) json.json(value);
  else json.ascii("null");
}

function call(operation: usize, json: Builder, what: Resources): HostAnswer {
  const masks = what.fieldMasks;
  json.ascii(',"field_masks":');
  if (masks.length == 0) json.ascii("null");
  for (let i = 0; i < masks.length; i++) json.byte(i == 0 ? 0x5b : 0x2c).json(masks[i]);
  if (masks.length > 0) json.byte(0x5d);
  return callHost(names.binding(), names.kubernetes(), operation, json.byte(0x7d).view());
}
