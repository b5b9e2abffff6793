# Everything here works offline once node_modules is there.
# Without the transform a module stops when it starts.
ASC := node_modules/.bin/asc --transform ./tools/packed-data.mjs
GUEST := $(shell find assembly -name '*.ts')
HOST := $(shell find host bench tools e2e/registry -name '*.ts')
# wasmtime needs Rust 1.92.
HAS_CARGO := $(shell cargo --version 2>/dev/null | awk -F'[ .]' '$$2 > 1 || $$3 >= 92 { print "yes" }')
HAS_OPENSSL := $(shell pkg-config --exists openssl 2>/dev/null && echo yes)
RUST := $(shell find conformance -name '*.rs') $(addprefix conformance/,Cargo.toml Cargo.lock .cargo/config.toml)

.PHONY: all run test fuzz conformance no-conformance lint fmt bench clean e2e e2e-tests e2e-cluster

all: policy.wasm

# The policy, and the host that runs it: `npx trusted-images` works when this has been made.
policy.wasm: $(GUEST) asconfig.json tools/packed-data.mjs node_modules/.stamp build/host/.stamp
	$(ASC) assembly/index.ts --target policy

build/host/.stamp: $(HOST) tsconfig.json tsconfig.build.json package.json node_modules/.stamp
	node_modules/.bin/tsc -p tsconfig.build.json
	@chmod +x build/host/cli.js
	@ln -sf ../../build/host/cli.js node_modules/.bin/trusted-images
	@touch $@

# The policy with its metadata and manual inside: what is pushed to a registry.
annotated-policy.wasm: policy.wasm metadata.yml README.md
	node build/host/cli.js annotate -m metadata.yml -u README.md -o $@ policy.wasm

# The same, for rules that read keys, signatures, trust roots or labels from the cluster.
annotated-policy-context-aware.wasm: policy.wasm metadata-context-aware.yml README.md
	node build/host/cli.js annotate -m metadata-context-aware.yml -u README.md -o $@ policy.wasm

# What Artifact Hub shows. It is written only if something has changed.
artifacthub-pkg.yml: metadata.yml questions-ui.yml | build/host/.stamp
	node build/tools/artifacthub.js

# The picture of `make run` in the README.
docs/demo.svg: policy.wasm $(wildcard tools/*.ts examples/deployment-*.yaml)
	node build/tools/picture.js

# The page that shows what `run --explain` prints.
docs/how-a-verdict-is-made.md: policy.wasm $(wildcard tools/*.ts examples/*.yaml examples/rules/private-sigstore/*)
	node build/tools/verdict-page.js

# Under the real kwctl, or another command with its flags: make e2e-tests KWCTL="npx trusted-images"
KWCTL ?= kwctl
e2e-tests: annotated-policy.wasm
	@if ! { command -v bats && command -v jq; } >/dev/null; then echo "e2e-tests: skipped, for bats or jq is not installed"; \
	elif ! command -v $(firstword $(KWCTL)) >/dev/null; then echo "e2e-tests: skipped, for there is no $(KWCTL)"; \
	else KWCTL="$(KWCTL)" bats e2e.bats; fi

# Asks a real registry, with TLS from an own CA and a login, and carries out the guides that need one. With UPDATE=1 they
# are given the real output.
e2e: policy.wasm
	e2e/registry.sh $(if $(UPDATE),--update)

# Asks a real API server through --kubeconfig. Not for CI: the first time it is built, which takes many minutes.
e2e-cluster: policy.wasm
	@if ! { command -v etcd && command -v go && command -v kubectl; } >/dev/null; then echo "e2e-cluster: skipped, for etcd, Go or kubectl is not installed"; \
	else $(MAKE) build/e2e/kube-apiserver && e2e/cluster.sh; fi

build/e2e/kube-apiserver: $(wildcard e2e/apiserver/*)
	cd e2e/apiserver && nice -n 19 go build -trimpath -ldflags "-s -w" -o ../../$@ .

# Guests for tests only: functions of the policy one by one, and a second policy on the same SDK.
build/units.wasm: test/guest/units.ts $(wildcard test/guest/units-*.ts) $(GUEST) asconfig.json tools/packed-data.mjs node_modules/.stamp
	$(ASC) $< --target units

build/tiny.wasm: test/guest/tiny-policy.ts $(GUEST) asconfig.json tools/packed-data.mjs node_modules/.stamp
	$(ASC) $< --target tiny

node_modules/.stamp: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

# Decides two example requests: one with a really signed image, one with an unsigned one.
run: policy.wasm
	@node build/host/cli.js demo

test: lint policy.wasm build/units.wasm build/tiny.wasm $(if $(HAS_CARGO)$(CI),conformance,no-conformance)
	node_modules/.bin/vitest run

# Changes bytes of what others write, for some seconds a reader, and prints how many: FUZZ_SECONDS=60 FUZZ_SEED=1 make fuzz
fuzz: policy.wasm build/units.wasm
	node_modules/.bin/vitest run --config vitest.fuzz.config.ts

# The same cases under the engine of policy-server, the policy as it must not be: with a start section, and
# Wycheproof's signatures.
conformance: policy.wasm build/start.wasm build/units.wasm build/oracles/.stamp build/conformance/debug/conformance
	build/conformance/debug/conformance check policy.wasm --with-start build/start.wasm --cases test/cases
	build/conformance/debug/conformance check policy.wasm --with-start build/start.wasm --cases build/oracles
	build/conformance/debug/conformance vectors build/units.wasm --totals

# What cosign, Notation and Notary said of the fixtures, as cases.
ORACLES := $(addprefix test/evidence/,bundle-oracle.test.ts notation.test.ts notary.test.ts)
build/oracles/.stamp: policy.wasm build/units.wasm $(wildcard test/evidence/*.ts)
	rm -rf build/oracles
	ORACLES=build/oracles node_modules/.bin/vitest run $(ORACLES)
	@touch $@

no-conformance:
	@echo "conformance: skipped, cargo 1.92 or newer was not found"

build/start.wasm: $(GUEST) tools/packed-data.mjs node_modules/.stamp
	$(ASC) assembly/index.ts --config none --runtime stub -O1 --enable simd --use abort=assembly/sdk/wapc/abort/abort -o $@

# With what is in the lock file, and without network once that has been fetched. The first time takes minutes.
build/conformance/debug/conformance: $(RUST)
	cd conformance && cargo build --locked --quiet
	@touch $@

# With OpenSSL to measure beside, if it is there with its headers.
build/conformance/release/conformance: $(RUST)
	cd conformance && cargo build --locked --quiet --release $(if $(HAS_OPENSSL),--features openssl)
	@touch $@

lint: node_modules/.stamp
	node_modules/.bin/prettier --check --log-level warn .
	node_modules/.bin/eslint .
	node_modules/.bin/tsc --noEmit -p tsconfig.json
	node_modules/.bin/tsc --noEmit -p assembly

fmt: node_modules/.stamp
	node_modules/.bin/prettier --write --log-level warn .

# Module size and speed in Node's engine; the table to paste is in Markdown.
# With cargo also under policy-server's engine, beside other policies: make bench MODULES="other.wasm"
bench: policy.wasm build/units.wasm build/costly/.stamp $(if $(HAS_CARGO),build/conformance/release/conformance)
	@node build/bench/bench.js
	@echo; node build/bench/cryptography.js
	@$(if $(HAS_CARGO),echo; build/conformance/release/conformance bench policy.wasm $(MODULES))
	@$(if $(HAS_CARGO),echo; build/conformance/release/conformance cryptography build/units.wasm)
	@$(if $(HAS_CARGO),echo; build/conformance/release/conformance decisions policy.wasm --cases test/cases)
	@$(if $(HAS_CARGO),echo; build/conformance/release/conformance limits policy.wasm --requests build/costly)

# Requests that are as costly as the limits allow, with evidence of every format.
build/costly/.stamp: policy.wasm test/policy/costly.test.ts $(wildcard test/costly/*.ts)
	@COSTLY=build/costly node_modules/.bin/vitest run test/policy/costly.test.ts
	@touch $@

clean:
	rm -rf build policy.wasm annotated-policy.wasm annotated-policy-context-aware.wasm
