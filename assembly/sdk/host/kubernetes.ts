import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { callHost, HostAnswer } from "../wapc/host";
import * as names from "./names";

// Capabilities of namespace `kubernetes`: what a context-aware policy may read of the cluster. The policy's
// metadata must name each kind under `contextAwareResources`. Lists come from a cache and may be a little old.

/** Which objects: `apiVersion` as in a manifest, `kind` singular; the selectors as kubectl writes them, or null. */
export class Resources {
  labelSelector: Text | null = null;
  fieldSelector: Text | null = null;

  constructor(
    readonly apiVersion: Text,
    readonly kind: Text,
  ) {}
}

/** The objects of one namespace, as a List. */
export function listResourcesByNamespace(what: Resources, namespace: Text): HostAnswer {
  const json = begin(what.apiVersion, what.kind).ascii(',"namespace":').json(namespace);
  return list(names.listResourcesByNamespace(), json, what);
}

/** The objects of the whole cluster, as a List. */
export function listResourcesAll(what: Resources): HostAnswer {
  return list(names.listResourcesAll(), begin(what.apiVersion, what.kind), what);
}

/**
 * One object. `namespace` is null for kinds that are in none; without `fresh` the host may answer from a cache
 * that is a few seconds old.
 */
export function getResource(
  apiVersion: Text,
  kind: Text,
  name: Text,
  namespace: Text | null,
  fresh: bool,
): HostAnswer {
  const json = begin(apiVersion, kind).ascii(',"name":').json(name);
  writeOptional(json, "namespace", namespace);
  json.ascii(',"disable_cache":').ascii(fresh ? "true" : "false");
  return call(names.getResource(), json.ascii(',"field_masks":null}'));
}

function list(operation: usize, json: Builder, what: Resources): HostAnswer {
  writeOptional(json, "label_selector", what.labelSelector);
  writeOptional(json, "field_selector", what.fieldSelector);
  return call(operation, json.ascii(',"field_masks":null}'));
}

function begin(apiVersion: Text, kind: Text): Builder {
  return new Builder(256).ascii('{"api_version":').json(apiVersion).ascii(',"kind":').json(kind);
}

function writeOptional(json: Builder, name: string, value: Text | null): void {
  json.ascii(',"').ascii(name).ascii('":');
  if (value) json.json(value);
  else json.ascii("null");
}

function call(operation: usize, json: Builder): HostAnswer {
  return callHost(names.binding(), names.kubernetes(), operation, json.view());
}
