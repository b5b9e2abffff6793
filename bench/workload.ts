/**
 * A payload of `validate`: the creation of a Deployment whose object has about `bytes` bytes of JSON, most of them
 * in what a policy about images does not look at, and the settings with one key.
 */
export function payload(bytes: number, key: string): { payload: Uint8Array; object: string } {
  const environment: object[] = [];
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", labels: { "app.kubernetes.io/name": "web" } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { "app.kubernetes.io/name": "web" } },
      template: {
        metadata: { labels: { "app.kubernetes.io/name": "web" } },
        spec: {
          containers: [
            {
              name: "web",
              image: "registry.example.com/shop/web:1.25",
              ports: [{ containerPort: 8080, protocol: "TCP" }],
              resources: { requests: { cpu: "250m", memory: "128Mi" } },
              env: environment,
            },
          ],
        },
      },
    },
  };
  const bare = JSON.stringify(object).length;
  for (let size = bare, i = 0; size < bytes; i++) {
    const variable = { name: `VARIABLE_${i}`, value: `the value of variable number ${i}` };
    environment.push(variable);
    size += JSON.stringify(variable).length + 1;
  }
  const request = {
    uid: "1299d386-525b-4032-98ae-1949f69f9cfc",
    kind: { group: "apps", version: "v1", kind: "Deployment" },
    operation: "CREATE",
    namespace: "shop",
    object,
  };
  const settings = { signatures: [{ image: "registry.example.com/*", pubKeys: [key] }] };
  return {
    payload: Buffer.from(JSON.stringify({ request, settings })),
    object: JSON.stringify(object),
  };
}
