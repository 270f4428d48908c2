/* poppack.h - ends what the last of the pshpack headers has begun. No guard: it may be used again. */
#pragma GCC system_header
#pragma pack(pop)
