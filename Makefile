# On a fresh Debian 12 with a Rust toolchain, each of these does its own set-up and says what it installs:
#
#   make demo     builds Vigie and runs the guided demonstration    (DEMO="--once" stops after the tour; in ./vigie-demo)
#   make test     format, lints, dependencies, tests, browser       (what continuous integration runs)
#   make bench    measures, in the release profile                  (BENCH="..." is passed on)
#   make fuzz     a million inputs for every parser of imports and for questions, some minutes each   (FUZZ="a_million_of_feeds" for one of them)
#   make lint     the first three parts of `make test`
#   make browser  a part of it: the pages in Chromium               (BROWSER="walk.test.mjs" for some of them)
#   make shots    a picture of every page, light and dark, wide and narrow   (SHOTS="folder")
#   make setup    only installs
#
# The first build compiles RocksDB: some 12 minutes on two cores, once. `demo` and `test` use the dev profile (our code at
# opt-level 1, what it stands on at 2 or 3), because it builds faster; `release` is for delivery and `bench`.

# Outside the checkout: a fresh clone finds what another one compiled.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/vigie/target
export PATH := $(HOME)/.cache/vigie/tools:$(HOME)/.cargo/bin:$(PATH)
# A failed test says its sentence, not two hundred lines of the runtime.
export RUST_BACKTRACE := 0
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help

DEMO ?=
BENCH ?=
BROWSER ?= *.test.mjs
FUZZ ?= a_million
SHOTS ?= $(CURDIR)/tests/screens
# The test programs that need the feature `exam`, as Cargo.toml says.
EXAMS = $(shell awk -F'"' '/^\[/ { name = "" } /^name/ { name = $$2 } /^required-features.*"exam"/ { print "--test " name }' Cargo.toml)

# Each examination waits for its committer four tenths of the time: two of them for each processor.
THREADS = $(shell expr $$(nproc) \* 2)

.PHONY: help demo test bench fuzz shots browser lint setup setup-build setup-browser ours quick exams

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

demo: setup-build ours
	cargo build --locked
	"$(CARGO_TARGET_DIR)/debug/vigie" demo $(DEMO)

bench: setup-build ours
	cargo build --locked --release
	"$(CARGO_TARGET_DIR)/release/vigie" bench $(BENCH)

shots: setup-browser ours
	cargo build --locked
	cd tests/browser && node shots.mjs "$(SHOTS)"

fuzz: setup-build ours
	cargo test --locked --lib --test import -- --ignored --nocapture --test-threads 1 $(FUZZ)

# Two files at a time: each waits for its browser, its server and itself by turns. --test-concurrency: Node.js 18.19, Debian's.
browser: setup-browser ours
	cargo build --locked
	cd tests/browser && node --test --test-concurrency=2 $(BROWSER)

# The browser before the examinations, which build the program with another feature.
test: lint quick browser exams

lint: setup ours
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --all-targets --features exam -- -D warnings
	cargo deny check --hide-inclusion-graph bans licenses sources

quick: setup ours
	cargo nextest run --locked
	cargo test --locked --doc

exams: setup ours
	$(if $(EXAMS),cargo nextest run --locked --features exam --test-threads $(THREADS) $(EXAMS),@echo "no test program asks for the feature exam")

setup:
	@.ci/setup test

setup-build:
	@.ci/setup build

setup-browser:
	@.ci/setup browser

# cargo tells fresh from stale by the times of files, and takes two checkouts of this package for one: when the folder was
# last used by another checkout, our own files are made new. What we depend on stays compiled.
ours:
	@mkdir -p "$(CARGO_TARGET_DIR)"
	@if [ "$$(cat "$(CARGO_TARGET_DIR)/vigie-checkout" 2>/dev/null)" != "$(CURDIR)" ]; then \
	    find build.rs src templates tests policies -name node_modules -prune -o -type f -exec touch {} + ; \
	    printf '%s\n' "$(CURDIR)" > "$(CARGO_TARGET_DIR)/vigie-checkout"; \
	fi
