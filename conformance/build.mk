# build.mk - the conformance suite: part of the Makefile.
#
# The suite is an ordinary program that loads the judged library by its path; it is not linked with it. Wide characters
# have 16 bits in the judged functions, so they have here (-fshort-wchar). The same cases, without those that need
# Linux (cases/linux_*.c), are a Windows program.

suite         := $(BUILD)/conformance/winshim-conformance
suite_sources := $(filter-out %_windows.c %_plain.c,$(wildcard conformance/harness/*.c)) \
                 $(wildcard conformance/cases/*.c)
suite_objects := $(suite_sources:%.c=$(BUILD)/%.o)
suite_exe     := $(BUILD)/conformance/winshim-conformance.exe
suite_exe_sources := $(filter-out %_linux.c %_cmocka.c conformance/cases/linux_%,$(wildcard conformance/harness/*.c \
                     conformance/cases/*.c))
suite_exe_objects := $(suite_exe_sources:%.c=$(BUILD)/windows/%.o)
LIB           ?= $(CURDIR)/$(BUILD)/libwinshim.so.$(SOVERSION)
JOBS          ?= $(shell nproc 2>/dev/null || echo 1)

.PHONY: conformance conformance-wine conformance-report suite

suite: $(suite)  ## build the runner of the conformance suite, build/conformance/winshim-conformance

conformance: $(suite) $(library)  ## judge the library by its statements (LIB=/another.so, CASES="Life-07 ...")
	@$(suite) --lib '$(LIB)' $(if $(filter command line,$(origin LIB)),,--strict) --quiet --jobs $(JOBS) \
	  --tap $(BUILD)/conformance/results.tap --junit $(BUILD)/conformance/results.xml $(CASES)

$(suite_objects): $(BUILD)/%.o: %.c | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(CC) $(program_flags) -std=gnu11 -fshort-wchar $$($(PKG_CONFIG) --cflags cmocka) $(CFLAGS) -c $< -o $@

$(suite): $(suite_objects)
	$(CC) $(sanitize) -pthread $^ -o $@ -Wl,-rpath,'$$ORIGIN/..:$$ORIGIN/../lib' $$($(PKG_CONFIG) --libs cmocka) \
	  -ldl $(LDFLAGS)

$(BUILD)/.deps-wine: tests/support/install-deps
	@mkdir -p $(@D)
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps wine
	@touch $@

$(suite_exe_objects): $(BUILD)/windows/%.o: %.c | $(BUILD)/.deps-wine
	@mkdir -p $(@D)
	x86_64-w64-mingw32-gcc -std=gnu11 -O2 -Wall -Wextra -DWIN32_LEAN_AND_MEAN -MMD -MP -I. -c $< -o $@

$(suite_exe): $(suite_exe_objects)
	@mkdir -p $(@D)
	x86_64-w64-mingw32-gcc $^ -o $@

conformance-wine: $(suite_exe)  ## the same cases as a Windows program, on Wine: what nt is there
	@BUILD='$(BUILD)' JOBS='$(JOBS)' conformance/run-wine $(CASES)

$(BUILD)/.deps-winpr: tests/support/install-deps
	@mkdir -p $(@D)
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps winpr
	@touch $@

# WinPR fails most cases, and Wine may fail one, which is what the table is to show: so their exit codes do not count.
suite_results = $(suite) --quiet --jobs $(JOBS) --tap $(BUILD)/conformance/

conformance-report: $(suite) $(library) $(suite_exe) | $(BUILD)/.deps-winpr  ## side by side with Wine and WinPR
	$(suite_results)winshim.tap --lib '$(CURDIR)/$(library)' | tail -n 1
	-@BUILD='$(BUILD)' JOBS='$(JOBS)' conformance/run-wine | tail -n 1
	-$(suite_results)winpr.tap --lib libwinpr2.so.2 | tail -n 1
	-$(suite_results)winpr-lenient.tap --lib libwinpr2.so.2 --lenient | tail -n 1
	@BUILD='$(BUILD)' conformance/report

-include $(suite_objects:.o=.d) $(suite_exe_objects:.o=.d)
