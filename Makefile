# bantin: make, make check, make install; `make help` tells the rest. Everything that is made stands
# under build/. The order of ROOMS is the order of the walk: a room includes its own door and the
# doors of earlier rooms, never a later one (make lint).

ROOMS    = base host news script text pcm voice mix air desk
VERSION  = 0.1.0

BUILD   ?= build
V       ?=
Q        = $(if $(V),,@echo '  $@';)
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
CFLAGS  ?= -O2 -g
PKGS     = libxml-2.0 libutf8proc libxxhash libcrypto jansson sqlite3 libcurl libzip sndfile soxr libebur128 \
           espeak-ng flac libopusenc vorbisenc vorbis ogg
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wno-format-nonliteral \
           -Wvla -Wundef -Wcast-qual $(WERROR)

BT_CFLAGS := -std=c11 -D_GNU_SOURCE -DBT_VERSION='"$(VERSION)"' -Isrc -I$(BUILD)/gen $(WARN) \
             $(shell pkg-config --cflags $(PKGS)) -pthread
BT_LIBS   := $(shell pkg-config --libs $(PKGS)) -lmp3lame -lm -pthread

SRC   = $(wildcard $(ROOMS:%=src/%/*.c))
OBJ   = $(SRC:src/%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/messages.o $(BUILD)/obj/page_text.o
LIB   = $(BUILD)/libbantin.a
UNIT  = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c))
FUZZ  = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))

all: $(BUILD)/bantin ## the program, build/bantin

$(BUILD)/bantin: $(BUILD)/obj/main.o $(LIB)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(BT_LIBS)

$(LIB): $(OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/obj/desk/places.o: BT_CFLAGS += -DBT_PREFIX='"$(PREFIX)"'
$(BUILD)/obj/desk/places.o: $(BUILD)/gen/prefix
$(BUILD)/gen/prefix: always
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@

$(BUILD)/obj/%.o: src/%.c $(BUILD)/gen/messages.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/gen/messages.h: src/base/messages.tsv src/base/messages.awk
	@mkdir -p $(@D)
	$(Q)awk -v want=h -f src/base/messages.awk src/base/messages.tsv >$@.tmp && mv $@.tmp $@

$(BUILD)/gen/messages.c: src/base/messages.tsv src/base/messages.awk
	@mkdir -p $(@D)
	$(Q)awk -v want=c -f src/base/messages.awk src/base/messages.tsv >$@.tmp && mv $@.tmp $@

$(BUILD)/obj/messages.o: $(BUILD)/gen/messages.c $(BUILD)/gen/messages.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/gen/page_text.c: src/air/page.css src/air/page.js
	@mkdir -p $(@D)
	$(Q)for f in css js; do \
	    echo "extern const char *const bt_page_$$f[]; const char *const bt_page_$$f[] = {"; \
	    sed -e 's/[\\"]/\\&/g' -e 's/.*/    "&",/' src/air/page.$$f && echo '    0};'; \
	done >$@.tmp && mv $@.tmp $@

$(BUILD)/obj/page_text.o: $(BUILD)/gen/page_text.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/tests/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) -Itests $(LDFLAGS) -MMD -MP -o $@ $< $(LIB) $(BT_LIBS)

# Libraries that make calls of a run fail, or lie, or time go fast: tests/torture.
TORTURE = $(patsubst tests/torture/%.c,$(BUILD)/torture/%.so,$(wildcard tests/torture/*.c))
$(BUILD)/torture/%.so: tests/torture/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(filter-out -Wpedantic,$(WARN)) -O2 -fPIC -shared -o $@ $< -ldl -lgcc_s

# Do the files of an edition agree? tests/listeners.t and scripts/listeners ask.
$(BUILD)/agree: tests/listeners/agree.c $(LIB)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIB) $(BT_LIBS)

check: all $(UNIT) $(TORTURE) $(BUILD)/agree ## every test; BT_JOBS=N at once, VERBOSE=1 prints each
	BUILD=$(BUILD) perl tests/run $(UNIT) $(wildcard tests/*.t)

# ---- the same tests, watched ------------------------------------------------------------------

SAN = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all

asan: ## the tests under the address and undefined-behaviour sanitizers
	$(MAKE) BUILD=build/asan CFLAGS='$(SAN) -fsanitize=address,undefined' check

tsan: ## the tests under the thread sanitizer
	$(MAKE) BUILD=build/tsan CFLAGS='$(SAN) -fsanitize=thread' check

# Not under it: tests/torture.t, whose own library stands before the program's calls and counts them,
# and tests/house.t, which is about make and lint.
valgrind: ## the tests under valgrind: slow
	$(MAKE) BUILD=build/valgrind CFLAGS='-O1 -g' valgrind-run

valgrind-run: all $(UNIT) $(BUILD)/torture/lost.so $(BUILD)/agree
	scripts/valgrind $(BUILD) $(UNIT) $(filter-out tests/torture.t tests/house.t,$(wildcard tests/*.t))

promise: $(BUILD)/tests/text_promise ## the reading's promise on 10 MB of random and mutated text
	BT_PROMISE_MB=10 $<

coverage: ## lines and branches that the tests reach
	@mkdir -p build/coverage && find build/coverage -name '*.gcda' -delete
	$(MAKE) BUILD=build/coverage CFLAGS='-O0 -g --coverage -DBT_COVERAGE' check
	scripts/coverage build/coverage

FUZZ_SECONDS ?= 10
fuzz: ## every parser on mutated input, FUZZ_SECONDS=10 each; finds go to build/fuzz
	$(MAKE) BUILD=build/fuzzed CC=clang CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined' \
	    FUZZ_SECONDS=$(FUZZ_SECONDS) fuzz-run

fuzz-run: $(FUZZ)
	scripts/fuzz $(BUILD) $(FUZZ_SECONDS) $(FUZZ)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) -fsanitize=fuzzer -MMD -MP -o $@ $< $(LIB) $(BT_LIBS)

TORTURE_SECONDS ?= 3600
torture: all $(BUILD)/torture/faults.so ## a fault in each call of a run, and 1,000 days with faults; TORTURE_SECONDS=3600
	BUILD=$(BUILD) tests/torture/run --seconds $(TORTURE_SECONDS)
	BUILD=$(BUILD) tests/torture/run --seconds 0 --days 1000

SOAK_BULLETINS ?= 10000
SOAK_HOURS     ?= 24
soak: all ## does anything grow? SOAK_BULLETINS=10000 one after the other, SOAK_HOURS=24 in one file
	BUILD=$(BUILD) SOAK_BULLETINS=$(SOAK_BULLETINS) SOAK_HOURS=$(SOAK_HOURS) perl tests/soak/run

check-listeners: all $(BUILD)/agree ## pages, captions, feed and books by npm's and Debian's checkers, and in Chromium
	BUILD=$(BUILD) scripts/listeners

# It takes iconv_open's failure for a lost handle.
build/analyzer/obj/news/charset.o: BT_CFLAGS += -Wno-analyzer-malloc-leak

lint: $(BUILD)/gen/messages.h ## room order, messages, style, shell, man page, cppcheck
	ROOMS='$(ROOMS)' BUILD=$(BUILD) scripts/lint

tidy: $(BUILD)/gen/messages.h ## clang-tidy and gcc -fanalyzer: slow
	printf '%s\n' $(SRC) src/main.c | xargs -P 2 -I '{}' clang-tidy --quiet --warnings-as-errors='*' \
	    --checks=-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling '{}' -- $(BT_CFLAGS) -DBT_PREFIX='""'
	$(MAKE) BUILD=build/analyzer WERROR=-Werror CFLAGS='-O1 -g -fanalyzer' all

$(BUILD)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BT_LIBS)

bench: all $(BUILD)/bench/floor ## an hour of programme beside a scripted station; BENCH_RUNS=5
	BUILD=$(BUILD) scripts/bench
	BUILD=$(BUILD) scripts/bench-text
	BUILD=$(BUILD) scripts/bench-news
	BUILD=$(BUILD) scripts/bench-listeners

$(BUILD)/bench/voice $(BUILD)/bench/presenter: $(BUILD)/bench/%: tests/bench/%.c $(LIB) tests/presenter.h tests/estoi.h
	@mkdir -p $(@D)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) -Itests $(LDFLAGS) -o $@ $< $(LIB) $(BT_LIBS)

bench-voice: all $(BUILD)/bench/voice $(BUILD)/bench/presenter ## the presenters, measured, and the speed of speech
	BUILD=$(BUILD) scripts/bench-voice

# ---- out of the house -------------------------------------------------------------------------

SHARE = $(DESTDIR)$(PREFIX)/share/bantin
MAN1  = $(DESTDIR)$(PREFIX)/share/man/man1

install: all ## into DESTDIR/PREFIX: program, voices, man page
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE) $(MAN1)
	install -m 755 $(BUILD)/bantin $(DESTDIR)$(PREFIX)/bin/bantin
	install -m 644 src/bantin.1 $(MAN1)/bantin.1
	cd voices && find . -type f ! -path './*/inbox/*' ! -path './*/out/*' \
	    -exec install -Dm 644 '{}' '$(abspath $(SHARE))/voices/{}' ';'

uninstall: ## what install has put there; a station's own files are in /etc/bantin
	rm -f $(DESTDIR)$(PREFIX)/bin/bantin $(MAN1)/bantin.1
	rm -rf $(SHARE)

dist: ## build/bantin-VERSION.tar.gz, from the files as they lie here
	@mkdir -p $(BUILD)
	tar -czf $(BUILD)/bantin-$(VERSION).tar.gz --sort=name --owner=0 --group=0 \
	    --exclude=inbox --exclude=out --transform='s,^,bantin-$(VERSION)/,' \
	    src voices scripts tests Makefile README.md LICENSE .ci .clang-format .editorconfig .gitignore

deb: ## a Debian package, staged under build/; needs dpkg-dev
	rm -rf build/package/deb
	$(MAKE) BUILD=build/package PREFIX=/usr DESTDIR=$(abspath build/package/deb) install
	scripts/debian/build build/package $(VERSION)

clean: ## build/, all of it
	rm -rf $(BUILD)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: all check check-listeners soak asan tsan valgrind valgrind-run promise coverage fuzz fuzz-run torture lint tidy bench bench-voice install uninstall dist deb clean help always
-include $(OBJ:.o=.d) $(BUILD)/obj/main.d $(wildcard $(BUILD)/tests/*.d $(BUILD)/fuzz/*.d)
