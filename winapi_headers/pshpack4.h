/* pshpack4.h - from here to poppack.h, structures are packed to 4 bytes. No guard: it may be used again. */
#pragma GCC system_header
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpragma-pack" /* that the packing outlasts the file is what the file is for */
#endif
#pragma pack(push, 4)
