# mutations.mk - deliberate faults in the library, and whether the conformance suite sees them: part of the Makefile.

.PHONY: conformance-mutations

conformance-mutations: $(if $(wildcard conformance/build.mk),$(BUILD)/conformance/winshim-conformance) $(random_program)  ## put deliberate faults into a copy of the library one by one: each is caught (MUTATIONS="name ...")
	@BUILD='$(BUILD)' CC='$(CC)' CXX='$(CXX)' conformance/mutations/run $(MUTATIONS)
