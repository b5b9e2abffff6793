#!/usr/bin/env bash
# Brings up etcd and an API server on this machine's loopback, asks them through --kubeconfig, and takes them away.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
cleanup() {
  kill $(jobs -p) 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap cleanup EXIT

read -r etcd_port peer_port api_port < <(node -e '
  const servers = [1, 2, 3].map(() => require("net").createServer().listen(0, "127.0.0.1"));
  setTimeout(() => {
    console.log(servers.map((server) => server.address().port).join(" "));
    for (const server of servers) server.close();
  }, 100);')

etcd --data-dir "$folder/etcd" --log-level error \
  --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
  --listen-peer-urls "http://127.0.0.1:$peer_port" >"$folder/etcd.log" 2>&1 &

node -e 'console.log(require("crypto").generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
}).privateKey)' >"$folder/service-accounts.key"

token() { node -p 'require("crypto").randomBytes(16).toString("hex")'; }
admin=$(token) reader=$(token) stranger=$(token)
cat >"$folder/tokens.csv" <<CSV
$admin,admin,1,system:masters
$reader,reader,2
$stranger,stranger,3
CSV

build/e2e/kube-apiserver --etcd-servers "http://127.0.0.1:$etcd_port" --endpoint-reconciler-type none \
  --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$api_port" --cert-dir "$folder/certs" \
  --service-cluster-ip-range 10.0.0.0/24 --service-account-issuer https://kubernetes.default.svc \
  --service-account-key-file "$folder/service-accounts.key" \
  --service-account-signing-key-file "$folder/service-accounts.key" \
  --token-auth-file "$folder/tokens.csv" --authorization-mode RBAC --disable-admission-plugins ServiceAccount \
  >"$folder/api.log" 2>&1 &

kubeconfig() {
  cat >"$folder/$1.kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: here, cluster: {server: "https://127.0.0.1:$api_port", certificate-authority: certs/apiserver.crt}}]
users: [{name: "$1", user: {token: "$2"}}]
contexts: [{name: here, context: {cluster: here, user: "$1"}}]
current-context: here
YAML
}
kubeconfig admin "$admin"
kubeconfig reader "$reader"
kubeconfig stranger "$stranger"

if ! CLUSTER="$folder" node_modules/.bin/vitest run --config e2e/vitest.config.ts; then
  tail -n 20 "$folder/etcd.log" "$folder/api.log" >&2
  exit 1
fi
