# build.mk - source archive and Debian package: part of the Makefile.

archive := $(BUILD)/winshim-$(VERSION).tar.gz

.PHONY: dist deb

dist:  ## the source archive, from what is committed: build/winshim-VERSION.tar.gz
	@mkdir -p $(BUILD)
	git archive --format=tar.gz --prefix=winshim-$(VERSION)/ --output=$(archive) HEAD
	@echo '$(archive)'

# dpkg-dev is needed for this target only: it finds out which packages the files need.
$(BUILD)/.deps-deb: tests/support/install-deps | $(BUILD)/.deps
	@CC='$(CC)' CXX='$(CXX)' PKG_CONFIG='$(PKG_CONFIG)' tests/support/install-deps dpkg-dev
	@touch $@

deb: $(BUILD)/.deps-deb  ## a Debian package of the library, headers and commands: build/winshim_VERSION_ARCH.deb
	@BUILD='$(BUILD)' VERSION='$(VERSION)' SOVERSION='$(SOVERSION)' MAKE='$(MAKE)' shim/package/make-deb
