// winshim.cpp - the library's own calls (winshim.h).
#include "shim/api/convert.h"

BOOL WINAPI WinshimSetProfile(const char* profile) { return winshim::api::finish(winshim::name::set_profile(profile)); }
const char* WINAPI WinshimGetProfile(void) { return winshim::name::label_in_force(); }
const char* WINAPI WinshimVersion(void) { return WINSHIM_VERSION; }
