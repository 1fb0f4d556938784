# Every target does all of its own set-up; see CONTRIBUTING.md.
SWIFT ?= swift
N ?= 10

.PHONY: demo test unit check golden bench bench-gateway soak fleet fleet-down build release hooks

demo: release  ## plan, apply, change, break and mend a site on this machine, in a root of its own
	@scripts/demo

test: build  ## all tests: the unit tests, real servers, and the fleet
	@scripts/test all

unit: build  ## the tests that need nothing but this machine
	@scripts/test unit

check: build  ## format lint, warnings as errors, unit tests, tidy
	@scripts/lint
	@scripts/test unit

golden: build  ## rewrite the golden files from what the code does now; read the diff before you commit
	@UPDATE_GOLDENS=1 scripts/test unit

bench: release  ## the figures of the README, as ratios to their peers
	@scripts/bench
	@scripts/bench-gateway

bench-gateway:  ## those of the gateway alone
	@scripts/bench-gateway

soak:  ## half an hour of faults around a controller and four hosts; DURATION and SEED may be set
	@scripts/soak

fleet:  ## N real hosts in system containers, and a desired tree for them
	@scripts/setup build fleet
	@scripts/fleet up $(N)

fleet-down:  ## removes all of it
	@scripts/fleet down

build:
	@scripts/setup build
	@$(SWIFT) build --build-tests

release:
	@scripts/setup build
	@$(SWIFT) build -c release --static-swift-stdlib --product stead

hooks:  ## let git run `make check` before each commit
	@git config core.hooksPath scripts/hooks
