# make run    builds landlord and opens the console
# make test   builds and runs every test
# make fuzz   runs every fuzz target for FUZZ_SECONDS (20)
#
# LANDLORD_BUILD_DIR puts the build elsewhere, PREFIX says where `make install` goes.

LANDLORD_BUILD_DIR ?= .build
PREFIX ?= /usr/local
DESTDIR ?=

# The Swift runtime is linked in: the program starts faster and needs no toolchain where it is installed.
RELEASE = --configuration release --static-swift-stdlib --scratch-path "$(LANDLORD_BUILD_DIR)"
PRODUCTS = "$(LANDLORD_BUILD_DIR)/release"
SOURCES = Sources Tests Package.swift

export LANDLORD_BUILD_DIR

.PHONY: all build run test lint format bench fuzz install uninstall clean

all: build

build:
	@scripts/setup
	swift build $(RELEASE) --product landlord
	swift build $(RELEASE) --product landlord-supervisor

run: build
	@$(PRODUCTS)/landlord

test:
	@scripts/setup tests
	@scripts/test

lint:
	swift format lint --strict --recursive $(SOURCES)

format:
	swift format --in-place --recursive $(SOURCES)
	find Sources Tests -name '*.swift' -exec scripts/wrap-comments {} +

bench:
	@scripts/setup
	cd Benchmarks && swift run --configuration release --scratch-path "$(abspath $(LANDLORD_BUILD_DIR))/benchmarks"

fuzz:
	@scripts/setup
	@scripts/fuzz

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/landlord/themes"
	install -m 755 $(PRODUCTS)/landlord "$(DESTDIR)$(PREFIX)/bin/landlord"
	install -m 755 $(PRODUCTS)/landlord-supervisor "$(DESTDIR)$(PREFIX)/bin/landlord-supervisor"
	for theme in themes/*.yaml; do \
	  [ ! -e "$$theme" ] || install -m 644 "$$theme" "$(DESTDIR)$(PREFIX)/share/landlord/themes/"; \
	done

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/landlord" "$(DESTDIR)$(PREFIX)/bin/landlord-supervisor"
	rm -rf "$(DESTDIR)$(PREFIX)/share/landlord"

clean:
	rm -rf "$(LANDLORD_BUILD_DIR)"
