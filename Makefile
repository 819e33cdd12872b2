# Everything a person does with this repository goes through here; `make` alone lists it.
# What a target does in more than a line stands in scripts/, so that it can be read and run alone.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
CARGO ?= cargo

.PHONY: help run demo test check fmt fmt-check lint doc audit bench fuzz-api screenshots clean-data

help: ## list what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## build, make the sample data where there is none, serve on 127.0.0.1:8080
	@scripts/run

demo: ## one month without a server: import, review, close, export, and show the file
	@scripts/demo

test: ## every test, on SQLite and on PostgreSQL
	@scripts/install-needs test
	$(CARGO) test --workspace --locked

check: ## what CI runs: formatting, lints, tests (licences among them), documentation
	@scripts/install-needs test
	@$(MAKE) fmt-check
	@$(MAKE) lint
	@$(MAKE) test
	@$(MAKE) doc

fmt: ## format the code
	$(CARGO) fmt --all

fmt-check:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

doc:
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps --locked

audit: ## known faults, licences, doubled packages and sources of all that is built in (cargo-deny)
	@scripts/audit

bench: ## measure import, close and export against the database doing the same with no rules (N=1000000)
	@scripts/bench

fuzz-api: ## fuzz every operation of the REST API from its OpenAPI document
	@scripts/fuzz-api

screenshots: ## take the handbook's pictures of every screen anew, in Chromium
	@scripts/screenshots

clean-data: ## delete data/, the sample database of `make run`
	rm -rf data
