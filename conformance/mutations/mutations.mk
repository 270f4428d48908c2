# mutations.mk - deliberate faults in the library, and whether the conformance suite sees them: part of the Makefile.

.PHONY: conformance-mutations

conformance-mutations: $(if $(wildcard conformance/build.mk),$(BUILD)/conformance/winshim-conformance) $(random_program)  ## faults put into a copy of the library, one by one, are caught (MUTATIONS="a b")
	@BUILD='$(BUILD)' CC='$(CC)' CXX='$(CXX)' conformance/mutations/run $(MUTATIONS)
