// beside.h - the libraries that lie beside this one and are loaded only when somebody wants them.
#pragma once

namespace winshim::file {

// dlopen of `name` in the directory of this library; null, and dlerror() says why.
void* open_beside(const char* name, int mode) noexcept;

// What LoadLibrary means by winshim-msabi, with or without .dll: every export as an entry point in Microsoft's
// convention.
inline constexpr char kMsAbiLibrary[] = "libwinshim-msabi.so";
bool is_ms_abi_name(const char* path) noexcept;

}  // namespace winshim::file
