/* pshpack1.h - from here to poppack.h, structures are packed to 1 byte. No guard: it may be used again. */
#pragma GCC system_header
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpragma-pack" /* that the packing outlasts the file is what the file is for */
#endif
#pragma pack(push, 1)
