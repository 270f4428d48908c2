# winshim: build, test, measure, run. `make help` lists what there is.
#
# Everything made goes below build/ (or BUILD=...); a sanitizer or another compiler gets a folder of its own, so
# that the variants never mix:  make test SANITIZE=address,undefined   make test CXX=clang++ CC=clang
# So does a library with a defect put in on purpose (shim/shm/seed.h):  make lib SEED=4

SHELL    := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif

VERSION  := 0.1.0
SOVERSION := 0

# ---- tools and the folder of this variant -----------------------------------------------------------------------
ifeq ($(origin CC),default)
CC       := gcc
endif
ifeq ($(origin CXX),default)
CXX      := g++
endif
# For i386 on an x86-64 machine. The scripts of the tests are to compile for it, too.
BITS     ?=
ifneq ($(BITS),)
ifneq ($(BITS),32)
$(error BITS=32 builds for i386, and there is no other BITS)
endif
override CC  += -m32
override CXX += -m32
export CC CXX
endif
# Debian keeps the libraries of other architectures in folders named after them, and so their .pc files.
foreign  := $(if $(filter -m32,$(CC)),i386-linux-gnu,$(filter-out $(shell uname -m)-linux-gnu,\
              $(filter %-linux-gnu,$(patsubst %-gcc,%,$(notdir $(firstword $(CC)))))))
ifneq ($(foreign),)
PKG_CONFIG_LIBDIR ?= /usr/lib/$(foreign)/pkgconfig:/usr/share/pkgconfig
export PKG_CONFIG_LIBDIR
endif
PKG_CONFIG ?= pkg-config
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
LIBDIR   ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include/winshim
MANDIR   ?= $(PREFIX)/share/man
DESTDIR  ?=
SANITIZE ?=
SEED     ?=
# To conformance-random it means something else, and no folder of its own.
ifneq ($(filter conformance-random,$(MAKECMDGOALS)),)
RANDOM_SEED := $(SEED)
override SEED :=
endif
comma    := ,
compiler := $(notdir $(firstword $(CXX)))
variant  := $(if $(SEED),-seed-$(SEED))$(if $(SANITIZE),-$(subst $(comma),-,$(SANITIZE)))$(if $(filter-out g++,$(compiler)),-$(compiler))$(if $(filter -m32,$(CXX)),-i386)
BUILD    ?= build$(variant)

# ---- flags ------------------------------------------------------------------------------------------------------
warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
optimise := $(if $(SANITIZE),-O1 -fno-omit-frame-pointer,-O2)
hardening := $(if $(SANITIZE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong) -fstack-clash-protection
sanitize := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=undefined)
common   := -g $(optimise) $(warnings) $(sanitize) -pthread -MMD -MP -Iwinapi_headers -I.
CFLAGS   ?=
CXXFLAGS ?=
LDFLAGS  ?=

# The library uses no C++ run-time library: no exceptions, no RTTI, no static guards, so that a C program that loads
# it gets nothing of C++ into its process. Initial-exec TLS: it must work preloaded and cost one instruction. What it
# calls of itself is its own (-Bsymbolic-functions), whatever other definitions the process has under these names.
lib_flags := $(common) $(hardening) -std=c++20 -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -fno-exceptions \
             -fno-rtti -fno-threadsafe-statics -fno-semantic-interposition -ftls-model=initial-exec \
             -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DWINSHIM_VERSION='"$(VERSION)"' $(if $(SEED),-DWINSHIM_SEED=$(SEED))
lib_link  := -shared -Wl,-soname,libwinshim.so.$(SOVERSION) -Wl,--version-script=shim/export.map \
             -Wl,-z,nodelete,-z,relro,-z,now,-z,noexecstack,-z,separate-code -Wl,--as-needed \
             -Wl,-Bsymbolic-functions $(if $(SANITIZE),,-Wl,--no-undefined)

relay_link := -shared -Wl,-z,nodelete,-z,relro,-z,now,-z,noexecstack,-z,separate-code -Wl,--as-needed \
              $(if $(SANITIZE),,-Wl,--no-undefined)

# Test programs, examples and benchmarks: ordinary programs against the headers and the built library.
program_flags := -g $(optimise) -Wall -Wextra $(sanitize) -pthread -MMD -MP -Iwinapi_headers -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
program_link   = -pthread -L$(BUILD) -Wl,-rpath,'$$ORIGIN/$(1)' -lwinshim $(sanitize)

# ---- what there is ----------------------------------------------------------------------------------------------
tool_sources  := $(wildcard shim/tool/*.cpp)
trace_sources := $(wildcard shim/trace/*.cpp)
msabi_sources := $(wildcard shim/msabi/*.cpp)
lib_sources   := $(filter-out $(tool_sources) $(trace_sources) $(msabi_sources),$(wildcard shim/*/*.cpp))
lib_objects   := $(lib_sources:%.cpp=$(BUILD)/%.o)
library       := $(BUILD)/libwinshim.so
trace_objects := $(trace_sources:%.cpp=$(BUILD)/%.o)
trace_library := $(BUILD)/libwinshim-trace.so
msabi_objects := $(msabi_sources:%.cpp=$(BUILD)/%.o)
# Microsoft's convention is one of x86-64's: as the compiler says, or the machine where the compiler is yet to come.
is_x86_64     := $(if $(foreign),,$(shell if command -v $(firstword $(CC)) >/dev/null; \
                   then $(CC) $(CFLAGS) -dM -E -x c /dev/null | grep -o __x86_64__; else uname -m | grep -x x86_64; fi))
msabi_library := $(if $(is_x86_64),$(BUILD)/libwinshim-msabi.so)
entry_objects := $(patsubst %.c,$(BUILD)/%.o,$(wildcard shim/entry/*.c))
entry_library := $(BUILD)/libwinshim-main.a
tool_objects  := $(tool_sources:%.cpp=$(BUILD)/%.o)
tool          := $(BUILD)/winshim
pc_names      := $(patsubst shim/pkgconfig/%.in,%,$(wildcard shim/pkgconfig/*.pc.in))
pc_files      := $(pc_names:%=$(BUILD)/pkgconfig/%)

support_objects := $(patsubst %.cpp,$(BUILD)/%.o,$(wildcard tests/support/*.cpp))
test_programs := $(patsubst tests/%.cpp,$(BUILD)/tests/%,$(wildcard tests/test_*.cpp))
test_c_programs := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/test_*.c))
torture_programs := $(patsubst %.cpp,$(BUILD)/%,$(wildcard tests/torture/*.cpp))
bench_programs := $(patsubst %.cpp,$(BUILD)/%,$(wildcard tests/bench/*.cpp))
bench_plain   := $(patsubst %.cpp,$(BUILD)/%,$(wildcard tests/bench/plain/*.cpp))
scene_programs := $(patsubst %.c,$(BUILD)/%,$(wildcard docs/examples/*.c)) \
                  $(patsubst %.cpp,$(BUILD)/%,$(wildcard docs/examples/*.cpp))

.PHONY: all lib tool test-winpr install uninstall help deps test check run torture seeds model bench examples samples samples-wine \
        tidy pictures clean

all: lib tool examples  ## build the library and the examples

lib: $(library) $(trace_library) $(msabi_library) $(entry_library) $(pc_files)  ## build build/libwinshim.so, libwinshim-main.a, build/pkgconfig

tool: $(tool)  ## build build/winshim, the command

help:  ## list the targets
	@awk '/^[a-z][a-z -]*:.*## /{n = $$0; sub(/:.*/, "", n); gsub(" ", ", ", n); sub(/.*## /, ""); printf "  make %-22s %s\n", n, $$0}' $(filter Makefile %.mk,$(MAKEFILE_LIST))
	@echo '  variables: SANITIZE=address,undefined|thread  CC= CXX=  BITS=32 (i386)  BUILD=folder  TESTS="test_wait ..."'
	@echo '             SEED=1..15 (a pitfall)'

# ---- what the machine must have ---------------------------------------------------------------------------------
# $(BUILD)/.deps is made once the tools are there; what is missing is fetched where apt and the right to use it are.
deps: $(BUILD)/.deps  ## install the compiler and the libraries that are missing (apt), or say what they are

$(BUILD)/.deps: tests/support/install-deps
	@mkdir -p $(@D)
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps
	@touch $@

# ---- the library ------------------------------------------------------------------------------------------------
# Not by link-time optimisation, whatever CXXFLAGS say: it loses the names that are made in assembly (WINSHIM_PLAIN).
# Nor libwinshim-main.a, for programs that are linked without it.
$(lib_objects) $(trace_objects) $(msabi_objects) $(tool_objects): $(BUILD)/%.o: %.cpp | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(CXX) $(lib_flags) $(CXXFLAGS) -fno-lto -c $< -o $@

$(BUILD)/libwinshim.so.$(SOVERSION): $(lib_objects) shim/export.map
	$(CC) $(lib_link) $(sanitize) -pthread $(LDFLAGS) $(lib_objects) -o $@

$(library): $(BUILD)/libwinshim.so.$(SOVERSION)
	@ln -sf $(<F) $@

# ---- the trace, which libwinshim loads when WINSHIM_TRACE asks for it: with libffi -----------------------------------
$(trace_objects) $(msabi_objects): private lib_flags += $$($(PKG_CONFIG) --cflags libffi)

$(trace_library): $(trace_objects) shim/trace/export.map
	$(CC) $(relay_link) -Wl,-soname,$(@F) -Wl,--version-script=shim/trace/export.map $(sanitize) -pthread $(LDFLAGS) \
	  $(trace_objects) $$($(PKG_CONFIG) --libs libffi) -o $@

# ---- the entry points in Microsoft's convention --------------------------------------------------------------------
$(msabi_objects): private lib_flags += -DWINSHIM_SONAME='"libwinshim.so.$(SOVERSION)"'

$(msabi_library): $(msabi_objects) $(library) shim/export.map
	$(CC) $(relay_link) -Wl,-soname,$(@F) -Wl,--version-script=shim/export.map -Wl,-Bsymbolic -Wl,--no-as-needed \
	  -Wl,-rpath,'$$ORIGIN' $(sanitize) -pthread $(LDFLAGS) $(msabi_objects) $(BUILD)/libwinshim.so.$(SOVERSION) \
	  $$($(PKG_CONFIG) --libs libffi) -o $@

# ---- main, for programs that have WinMain or wmain instead: part of their image, so no sanitizer and no version ------
$(entry_objects): $(BUILD)/%.o: %.c | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(CC) -g -O2 $(warnings) -fPIC -MMD -MP -Iwinapi_headers -I. $(CFLAGS) -fno-lto -c $< -o $@

$(entry_library): $(entry_objects)
	@rm -f $@
	$(AR) rcs $@ $^

# ---- the command: its own files, the lowest room of the library and the one that looks -------------------------------
$(tool): $(tool_objects) $(filter $(BUILD)/shim/shm/% $(BUILD)/shim/look/%,$(lib_objects)) $(BUILD)/shim/wait/queue.o
	$(CC) -pie -Wl,-z,relro,-z,now,-z,noexecstack $(sanitize) -pthread $(LDFLAGS) $^ -ldl -o $@

# ---- pkg-config: build/pkgconfig is for this folder as it stands, install writes its own ------------------------
pc_edit = sed -e 's|@version@|$(VERSION)|' -e 's|@prefix@|$(1)|' -e 's|@libdir@|$(2)|' -e 's|@includedir@|$(3)|' \
              -e 's|@rpath@|$(4)|'

$(pc_files): $(BUILD)/pkgconfig/%: shim/pkgconfig/%.in $(firstword $(MAKEFILE_LIST))
	@mkdir -p $(@D)
	@$(call pc_edit,$(patsubst %/,%,$(dir $(realpath $(lastword $^)))),$(abspath $(BUILD)),$${prefix}/winapi_headers, -Wl$(comma)-rpath$(comma)$${libdir}) $< >$@

# ---- install ------------------------------------------------------------------------------------------------------
# $(1) as ${prefix}/... where it lies there: so the files may be moved with their prefix.
below_prefix = $(patsubst $(PREFIX)/%,$${prefix}/%,$(1))

# The loader looks into its own list of the system's folders; elsewhere programs need LD_LIBRARY_PATH or an rpath.
tell_loader = case '$(DESTDIR)$(LIBDIR)' in /lib*|/usr/lib*|/usr/local/lib*) [ "$$(id -u)" != 0 ] || ldconfig ;; esac

# The list of calls is made from the table of signatures; the other pages are written.
man_pages := $(wildcard docs/man/*.[17]) $(BUILD)/man/winshim_api.3

$(BUILD)/man/winshim_api.3: docs/man/winshim_api.sh $(wildcard shim/relay/table/*.def)
	@mkdir -p $(@D)
	@docs/man/winshim_api.sh >$@

install: lib tool suite $(BUILD)/man/winshim_api.3  ## copy library, headers, command and .pc files below PREFIX (/usr/local), or DESTDIR/PREFIX
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(LIBDIR)/pkgconfig' '$(DESTDIR)$(INCLUDEDIR)' '$(DESTDIR)$(MANDIR)'/man{1,3,7}
	install -m 755 $(library).$(SOVERSION) '$(DESTDIR)$(LIBDIR)'
	ln -sf libwinshim.so.$(SOVERSION) '$(DESTDIR)$(LIBDIR)/libwinshim.so'
	install -m 644 $(entry_library) '$(DESTDIR)$(LIBDIR)'
	install -m 755 $(trace_library) $(msabi_library) '$(DESTDIR)$(LIBDIR)'
	install -m 644 winapi_headers/*.h '$(DESTDIR)$(INCLUDEDIR)'
	install -d '$(DESTDIR)$(INCLUDEDIR)/sys'
	install -m 644 winapi_headers/sys/*.h '$(DESTDIR)$(INCLUDEDIR)/sys'
	install -m 755 $(tool) $(suite) '$(DESTDIR)$(BINDIR)'
	install -m 644 $(filter %.1,$(man_pages)) '$(DESTDIR)$(MANDIR)/man1'
	install -m 644 $(filter %.3,$(man_pages)) '$(DESTDIR)$(MANDIR)/man3'
	install -m 644 $(filter %.7,$(man_pages)) '$(DESTDIR)$(MANDIR)/man7'
	for name in $(pc_names); do \
	  $(call pc_edit,$(PREFIX),$(call below_prefix,$(LIBDIR)),$(call below_prefix,$(INCLUDEDIR)),) \
	    "shim/pkgconfig/$$name.in" >'$(DESTDIR)$(LIBDIR)/pkgconfig/'"$$name"; \
	done
	$(tell_loader)

uninstall:  ## remove what install has copied (the same PREFIX and DESTDIR)
	rm -f '$(DESTDIR)$(LIBDIR)'/libwinshim{.so.$(SOVERSION),.so,-main.a,-trace.so,-msabi.so} '$(DESTDIR)$(BINDIR)'/winshim{,-conformance}
	rm -f $(patsubst %,'$(DESTDIR)$(LIBDIR)/pkgconfig/%',$(pc_names))
	rm -f $(foreach page,$(man_pages),'$(DESTDIR)$(MANDIR)/man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page))')
	rm -f $(patsubst winapi_headers/%,'$(DESTDIR)$(INCLUDEDIR)/%',$(wildcard winapi_headers/*.h winapi_headers/sys/*.h))
	rmdir --ignore-fail-on-non-empty '$(DESTDIR)$(INCLUDEDIR)/sys' 2>/dev/null || true
	rmdir --ignore-fail-on-non-empty '$(DESTDIR)$(INCLUDEDIR)' 2>/dev/null || true
	$(tell_loader)

# ---- programs ---------------------------------------------------------------------------------------------------
$(support_objects): $(BUILD)/%.o: %.cpp | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(CXX) $(program_flags) -std=c++20 $$($(PKG_CONFIG) --cflags cmocka) $(CXXFLAGS) -c $< -o $@

$(test_programs): $(BUILD)/tests/%: tests/%.cpp $(support_objects) $(library)
	@mkdir -p $(@D)
	$(CXX) $(program_flags) -std=c++20 $$($(PKG_CONFIG) --cflags cmocka) $(CXXFLAGS) $< $(support_objects) -o $@ \
	  $(call program_link,..) $$($(PKG_CONFIG) --libs cmocka) $(LDFLAGS)

$(test_c_programs): $(BUILD)/tests/%: tests/%.c $(library)
	@mkdir -p $(@D)
	$(CC) $(program_flags) $$($(PKG_CONFIG) --cflags cmocka) $(CFLAGS) $< -o $@ \
	  $(call program_link,..) $$($(PKG_CONFIG) --libs cmocka) $(LDFLAGS)

# It calls nothing by name and loads the library itself, so that this leaves no dependency.
$(BUILD)/tests/test_dlopen: private CFLAGS += -Wl,--as-needed

$(torture_programs): $(BUILD)/%: %.cpp $(library)
	@mkdir -p $(@D)
	$(CXX) $(program_flags) -std=c++20 $(CXXFLAGS) $< -o $@ $(call program_link,../..) $(LDFLAGS)

# Google Benchmark is needed for this target only, so it is fetched here and not with the others.
$(BUILD)/.deps-bench: tests/support/install-deps | $(BUILD)/.deps
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps benchmark
	@touch $@

$(bench_programs): $(BUILD)/%: %.cpp $(library) | $(BUILD)/.deps-bench
	@mkdir -p $(@D)
	$(CXX) $(program_flags) -std=c++20 $(CXXFLAGS) $< -o $@ $(call program_link,../..) -lbenchmark $(LDFLAGS)

$(bench_plain): $(BUILD)/%: %.cpp $(library)
	@mkdir -p $(@D)
	$(CXX) $(program_flags) -std=c++20 $(CXXFLAGS) $< -o $@ $(call program_link,../../..) $(LDFLAGS)

$(patsubst %.c,$(BUILD)/%,$(wildcard docs/examples/*.c)): $(BUILD)/%: %.c $(library)
	@mkdir -p $(@D)
	$(CC) $(program_flags) $(CFLAGS) $< -o $@ $(call program_link,../..) $(LDFLAGS)

$(patsubst %.cpp,$(BUILD)/%,$(wildcard docs/examples/*.cpp)): $(BUILD)/%: %.cpp $(library)
	@mkdir -p $(@D)
	$(CXX) $(program_flags) -std=c++20 $(CXXFLAGS) $< -o $@ $(call program_link,../..) $(LDFLAGS)

examples: $(scene_programs)  ## build docs/examples

samples: lib  ## build and run docs/samples, plain Win32 sources, and compare with what they must say
	@BUILD='$(BUILD)' SANITIZE='$(SANITIZE)' CC='$(CC)' CXX='$(CXX)' docs/samples/run winshim $(SAMPLES)

samples-wine:  ## the same sources with mingw-w64 on Wine: what they must say is what they say there
	@docs/samples/run wine $(SAMPLES)

# ---- run, test, measure -----------------------------------------------------------------------------------------
run: $(scene_programs)  ## the main job: processes share a ledger under a named mutex, one is killed, nothing is lost
	@$(BUILD)/docs/examples/scene

# With TESTS only the programs of these names are built.
tested := $(test_programs) $(test_c_programs) $(torture_programs)
tested := $(if $(TESTS),$(filter $(addprefix %/,$(TESTS)),$(tested)),$(tested))

test check: lib tool suite $(tested) $(scene_programs)  ## run the tests (TESTS="a b" for some of them)
	@BUILD='$(BUILD)' SANITIZE='$(SANITIZE)' tests/run $(TESTS)

torture: $(torture_programs) $(BUILD)/tests/test_starved_slots  ## the long version of the crash tests
	@BUILD='$(BUILD)' SANITIZE='$(SANITIZE)' tests/run --long

# WinPR and FreeRDP are needed for this target only; `make test` runs it with what is there.
$(BUILD)/.deps-freerdp: tests/support/install-deps | $(BUILD)/.deps
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps winpr freerdp
	@touch $@

test-winpr: lib tool $(BUILD)/.deps-freerdp  ## programs of WinPR and FreeRDP with the library preloaded, as without
	@BUILD='$(BUILD)' SANITIZE='$(SANITIZE)' tests/run test_preload_winpr

seeds: $(library) $(addprefix $(BUILD)/tests/torture/,killstep abandon_latency noop_signal)  ## each known pitfall, put into the library, fails its test (minutes)
	@BUILD='$(BUILD)' tests/torture/seeds $(SEEDS)

# Spin is needed for this target only.
$(BUILD)/.deps-model: tests/support/install-deps | $(BUILD)/.deps
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps spin
	@touch $@

model: $(BUILD)/.deps-model  ## check the models of the protocol with spin, and that they can fail
	@BUILD='$(BUILD)' CC='$(CC)' tests/model/check

bench: $(bench_programs) $(bench_plain)  ## figures against robust mutexes and POSIX semaphores in the same run
	@tests/bench/run $(BUILD)

# Graphviz and python3 are needed for this target only.
pictures: lib tool examples  ## draw docs/pictures anew, from what the command writes on a terminal
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps graphviz python3
	@BUILD='$(BUILD)' docs/pictures/draw

# clang-tidy is needed for this target only. Each file is looked at when it, a header or the set of checks has changed.
tidied := $(lib_sources:%.cpp=$(BUILD)/tidy/%.ok)

tidy: $(tidied)  ## clang-tidy over shim/ (.clang-tidy), and the width of all sources; any finding fails
	@find shim winapi_headers tests conformance docs -name '*.[ch]' -o -name '*.cpp' -o -name '*.pml' | xargs awk \
	  'length > 120 { print FILENAME ":" FNR ": wider than 120 columns"; bad = 1 } END { exit bad }'
	@echo 'clang-tidy: $(words $(tidied)) files, nothing found'

$(BUILD)/.deps-tidy: tests/support/install-deps
	@mkdir -p $(@D)
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps clang-tidy
	@touch $@

$(tidied): $(BUILD)/tidy/%.ok: %.cpp .clang-tidy $(wildcard shim/*/*.h winapi_headers/*.h) | $(BUILD)/.deps-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- $(filter-out -MMD -MP,$(lib_flags)) 2>$(@:.ok=.said) || { cat $(@:.ok=.said) >&2; exit 1; }
	@touch $@

# ---- the conformance suite: conformance, conformance-wine ---------------------------------------------------------
include conformance/build.mk
include shim/package/build.mk

# ---- conformance-random, conformance-mutations -----------------------------------------------------------------------
include conformance/random/random.mk conformance/mutations/mutations.mk

clean:  ## remove build folders
	rm -rf build build-*

-include $(lib_objects:.o=.d) $(trace_objects:.o=.d) $(msabi_objects:.o=.d) $(entry_objects:.o=.d) $(tool_objects:.o=.d) $(support_objects:.o=.d) $(addsuffix .d,$(test_programs) $(test_c_programs) \
  $(torture_programs) $(bench_programs) $(bench_plain) $(scene_programs))
