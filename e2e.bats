#!/usr/bin/env bats

# The real kwctl decides the examples. The host's answers come from their sessions, so there is no network.
# Another command with its flags can stand in for it: KWCTL="npx trusted-images".

setup() {
  cd "$BATS_TEST_DIRNAME" || exit 1
  export KWCTL="${KWCTL:-kwctl}"
}

# Decides an example's request with its own settings, or with those of all examples.
decide() {
  local settings="$1/settings.yaml" session=()
  [ -f "$settings" ] || settings=examples/settings.yaml
  [ ! -f "$1/session.yml" ] || session=(--replay-host-capabilities-interactions "$1/session.yml")
  $KWCTL run --request-path "$1/request.json" --settings-path "$settings" "${session[@]}" annotated-policy.wasm
}

# The patch of an example's answer.
patch() {
  decide "$1" 2>/dev/null | grep '^{' | jq -er '.patch | @base64d'
}

@test "Accept and pin a signed image in every kind of workload" {
  for example in examples/workloads/*/; do
    run decide "${example%/}"

    # this prints the output when one the checks below fails
    echo "example = ${example} output = ${output}"

    [ "$status" -eq 0 ]
    [ $(expr "$output" : '.*"allowed":true.*') -ne 0 ]

    run patch "${example%/}"
    echo "patch = ${output}"
    [ "$status" -eq 0 ]
    [ $(expr "$output" : '.*demo/a-single:1.0@sha256:ae61ee2748975a6ff3944264f42717ffbb3749a176b78ae808ac2fc88f59564b.*') -ne 0 ]
  done
}

@test "Mutate nothing but ephemeral containers on their subresource" {
  run patch examples/workloads/ephemeral-container

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 0 ]
  [ $(expr "$output" : '.*/spec/ephemeralContainers/0/image.*') -ne 0 ]
  [ $(expr "$output" : '.*/spec/containers.*') -eq 0 ]
}

@test "Accept what meets a rule of each kind" {
  for kind in public-key threshold key-p384 key-rotation transparency-log keyless keyless-prefix private-sigstore \
    github-actions certificate annotations annotations-of-many several; do
    run decide "examples/rules/$kind"

    # this prints the output when one the checks below fails
    echo "kind = ${kind} output = ${output}"

    [ "$status" -eq 0 ]
    [ $(expr "$output" : '.*"allowed":true.*') -ne 0 ]
    [ $(expr "$output" : '.*"patch":.*') -ne 0 ]
  done
}

@test "Accept the settings of verify-image-signatures" {
  for example in examples/verify-image-signatures/*/; do
    run decide "${example%/}"

    # this prints the output when one the checks below fails
    echo "example = ${example} output = ${output}"

    [ "$status" -eq 0 ]
    [ $(expr "$output" : '.*"allowed":true.*') -ne 0 ]
  done
}

@test "Do not pin where modifyImagesWithDigest is false" {
  run decide examples/verify-image-signatures/3-keyless

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 0 ]
  [ $(expr "$output" : '.*"allowed":true.*') -ne 0 ]
  [ $(expr "$output" : '.*"patch":.*') -eq 0 ]
}

@test "Reject an unsigned image, and say what to do" {
  run decide examples/rules/unsigned

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 0 ]
  [ $(expr "$output" : '.*"allowed":false.*') -ne 0 ]
  [ $(expr "$output" : '.*"code":400.*') -ne 0 ]
  [ $(expr "$output" : '.*not signed by key .*release key.*sign it with cosign.*signature-missing.*') -ne 0 ]
}

@test "Reject what only a key at its end has signed" {
  run decide examples/rules/key-expired

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 0 ]
  [ $(expr "$output" : '.*"allowed":false.*') -ne 0 ]
  [ $(expr "$output" : '.*release key 2024.*was valid until 2025-01-01.*key-outside-window.*') -ne 0 ]
}

@test "Reject an image that no rule is for" {
  run decide examples/rules/unmatched

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 0 ]
  [ $(expr "$output" : '.*"allowed":false.*') -ne 0 ]
  [ $(expr "$output" : '.*docker.io/library/nginx:1.25.*image-unmatched.*') -ne 0 ]
}

@test "Warn of an unsigned image where the rule says so" {
  run decide examples/rules/warn

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 0 ]
  [ $(expr "$output" : '.*"allowed":true.*') -ne 0 ]
  [ $(expr "$output" : '.*"warnings":.*signature-missing.*') -ne 0 ]
}

@test "Leave alone what a rule excludes, and namespaces that it is not for" {
  for kind in exclude namespaces; do
    run decide "examples/rules/$kind"

    # this prints the output when one the checks below fails
    echo "kind = ${kind} output = ${output}"

    [ "$status" -eq 0 ]
    [ $(expr "$output" : '.*"allowed":true.*') -ne 0 ]
  done
}

@test "Reject when the host may not verify" {
  run $KWCTL run --allowed-host-capabilities 'net/*' \
    --request-path examples/rules/public-key/request.json \
    --settings-path examples/rules/public-key/settings.yaml annotated-policy.wasm

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 0 ]
  [ $(expr "$output" : '.*"allowed":false.*') -ne 0 ]
  [ $(expr "$output" : '.*oci/v2/verify.*capability-denied.*') -ne 0 ]
}

@test "Refuse settings that are not valid, with all their problems" {
  run $KWCTL run --request-path examples/rules/public-key/request.json \
    --settings-json '{"signatures": [{"image": "*", "pubkeys": ["x"]}], "unmatchedImages": "deny"}' \
    annotated-policy.wasm

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 1 ]
  [ $(expr "$output" : '.*Provided settings are not valid.*') -ne 0 ]
  [ $(expr "$output" : '.*unmatchedImages: must be accept, warn or reject.*') -ne 0 ]
  [ $(expr "$output" : '.*signatures\[0\].pubkeys: unknown field.*') -ne 0 ]
}

@test "Carry the metadata that a policy server reads" {
  run $KWCTL inspect -o yaml annotated-policy.wasm

  # this prints the output when one the checks below fails
  echo "output = ${output}"

  [ "$status" -eq 0 ]
  [ $(expr "$output" : '.*protocolVersion: v1.*') -ne 0 ]
  [ $(expr "$output" : '.*mutating: true.*') -ne 0 ]
  [ $(expr "$output" : '.*pods/ephemeralcontainers.*') -ne 0 ]
  [ $(expr "$output" : '.*oci/v1/manifest_digest.*') -ne 0 ]
  [ $(expr "$output" : '.*oci/v1/oci_manifest.*') -ne 0 ]
  [ $(expr "$output" : '.*oci/v2/verify.*') -ne 0 ]
}
