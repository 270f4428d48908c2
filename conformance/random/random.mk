# random.mk - random sequences of calls against a model: part of the Makefile.
#
#   make conformance-random SEED=7 STEPS=100000 PROFILE=nt      (defaults: a seed of the time, 200000, all)
#
# SEED means the number that the sequences are made from here; elsewhere it is a pitfall (see the Makefile). The sequences
# that once failed are kept as C programs in conformance/random/kept.

random_program := $(BUILD)/conformance/random/random
random_objects := $(patsubst %.cpp,$(BUILD)/%.o,$(wildcard conformance/random/*.cpp)) $(BUILD)/conformance/random/stage.o
random_kept    := $(patsubst %.c,$(BUILD)/%,$(wildcard conformance/random/kept/*.c))

.PHONY: conformance-random

ifneq ($(if $(TESTS),$(filter test_random,$(TESTS)),all),)
test check: $(random_program) $(random_kept)
endif

conformance-random: $(random_program) $(random_kept)  ## random sequences of calls, compared with a model (SEED= STEPS= PROFILE=)
	@$(random_program) --seed '$(or $(RANDOM_SEED),$(shell date +%s))' --steps '$(or $(STEPS),200000)' \
	  --profile '$(or $(PROFILE),all)' --keep '$(BUILD)/conformance/random'

$(filter-out %/stage.o,$(random_objects)): $(BUILD)/%.o: %.cpp | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(CXX) $(program_flags) -std=c++20 -Wno-missing-field-initializers $(CXXFLAGS) -c $< -o $@

$(BUILD)/conformance/random/stage.o: conformance/random/stage.c | $(BUILD)/.deps
	@mkdir -p $(@D)
	$(CC) $(program_flags) -std=gnu11 $(CFLAGS) -c $< -o $@

$(random_program): $(random_objects) $(library)
	$(CXX) $(sanitize) $(random_objects) -o $@ $(call program_link,../..) $(LDFLAGS)

$(random_kept): $(BUILD)/%: %.c $(BUILD)/conformance/random/stage.o $(library)
	@mkdir -p $(@D)
	$(CC) $(program_flags) -std=gnu11 $(CFLAGS) $< $(BUILD)/conformance/random/stage.o -o $@ \
	  $(call program_link,../../..) $(LDFLAGS)

-include $(random_objects:.o=.d) $(addsuffix .d,$(random_kept))
