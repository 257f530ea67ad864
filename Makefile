# bantin: make, make check, make install. Everything that is made stands under build/.
# The order of ROOMS is the order of the walk: a room includes its own door and the doors of
# earlier rooms, never a later one (make lint).

ROOMS    = base host news script text pcm voice mix air desk
VERSION  = 0.1.0

BUILD   ?= build
V       ?=
Q        = $(if $(V),,@echo '  $@';)
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
CFLAGS  ?= -O2 -g
PKGS     = libxml-2.0 libutf8proc libmd jansson sqlite3 libcurl libzip sndfile soxr libebur128 \
           espeak-ng
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wno-format-nonliteral \
           -Wvla -Wundef -Wcast-qual $(WERROR)

BT_CFLAGS := -std=c11 -D_GNU_SOURCE -DBT_VERSION='"$(VERSION)"' -DBT_PREFIX='"$(PREFIX)"' \
             -Isrc -I$(BUILD)/gen $(WARN) $(shell pkg-config --cflags $(PKGS)) -pthread
BT_LIBS   := $(shell pkg-config --libs $(PKGS)) -lmp3lame -lm -pthread

SRC   = $(wildcard $(ROOMS:%=src/%/*.c))
OBJ   = $(SRC:src/%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/messages.o
LIB   = $(BUILD)/libbantin.a
UNIT  = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/*.c))

all: $(BUILD)/bantin

$(BUILD)/bantin: $(BUILD)/obj/main.o $(LIB)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(BT_LIBS)

$(LIB): $(OBJ)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

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

$(BUILD)/tests/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(Q)$(CC) $(BT_CFLAGS) $(CFLAGS) -Itests $(LDFLAGS) -MMD -MP -o $@ $< $(LIB) $(BT_LIBS)

check: all $(UNIT)
	BUILD=$(BUILD) perl tests/run $(UNIT) $(wildcard tests/*.t)

clean:
	rm -rf $(BUILD)

.PHONY: all check clean
-include $(OBJ:.o=.d) $(BUILD)/obj/main.d $(wildcard $(BUILD)/tests/*.d)
